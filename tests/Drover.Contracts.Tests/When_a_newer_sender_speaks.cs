using System.Text.Json;
using Drover.Contracts.Migrations;

namespace Drover.Contracts.Tests;

public class When_a_newer_sender_speaks
{
    private static readonly string Failed = JsonSerializer.Serialize(new MigrationFailed { Code = FailureCode.TransferFailed, Reason = "r", Guest = "g", Source = "a", Destination = "b", Visibility = Visibility.Tenant }, ContractsJson.Tolerant);

    [Fact]
    public void A_word_that_this_version_does_not_know_is_read_as_none() =>
        Assert.Equal(default, JsonSerializer.Deserialize<MigrationFailed>(Failed.Replace("transfer-failed", "host-on-fire", StringComparison.Ordinal), ContractsJson.Tolerant)!.Code);

    [Fact]
    public void A_member_that_this_version_does_not_know_is_passed_over() =>
        Assert.Equal("g", JsonSerializer.Deserialize<MigrationFailed>(Failed.Replace("{\"event\"", "{\"colour\":\"red\",\"event\"", StringComparison.Ordinal), ContractsJson.Tolerant)!.Guest);

    [Fact]
    public void A_command_with_either_is_refused()
    {
        const string Command = """{"migrationId":"0198c0de-0000-7000-8000-000000000001","guest":"web","visibility":"everybody"}""";
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MigrateGuest>(Command, ContractsJson.Strict));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MigrateGuest>(Command.Replace("visibility", "colour", StringComparison.Ordinal), ContractsJson.Strict));
    }
}
