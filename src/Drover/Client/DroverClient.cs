using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Drover.Contracts;

namespace Drover.Client;

/// <summary>The HTTP API as the commands see it. What goes wrong ends the program with its exit code, in a sentence.</summary>
internal sealed class DroverClient : IDisposable
{
    /// <summary>Where the API is when nobody says otherwise: its own default.</summary>
    public const string DefaultServer = "http://127.0.0.1:8480";

    private readonly HttpClient http;
    private readonly Uri server;

    public DroverClient(string server)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ExitException(Exit.Usage, $"The server \"{server}\" is no address: write it like {DefaultServer}.");
        this.server = new Uri(uri.AbsoluteUri.TrimEnd('/') + "/");
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = this.server, Timeout = TimeSpan.FromSeconds(15) };
    }

    public Task<Answer<T>> Get<T>(string path, CancellationToken cancellationToken) => Ask<T>(HttpMethod.Get, path, null, cancellationToken);

    public Task<Answer<T>> Post<T>(string path, object body, CancellationToken cancellationToken) => Ask<T>(HttpMethod.Post, path, body, cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task<Answer<T>> Ask<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(
                JsonSerializer.Serialize(body, body.GetType(), ContractsJson.Tolerant), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw Refusal(response.StatusCode, text);
            return new Answer<T>(JsonSerializer.Deserialize<T>(text, ContractsJson.Tolerant)!, text);
        }
        catch (HttpRequestException error)
        {
            throw new ExitException(Exit.NoConnection, $"No connection to {server} ({Innermost(error).Message}): is \"drover api\" (or standalone) running there? --server or DROVER_SERVER names another.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExitException(Exit.NoConnection, $"{server} did not answer in {http.Timeout.TotalSeconds:0} s: try again, or look at its log.");
        }
        catch (JsonException)
        {
            throw new ExitException(Exit.NoConnection, $"What answers at {server} is not Drover's API: check --server or DROVER_SERVER.");
        }
    }

    private ExitException Refusal(HttpStatusCode status, string text)
    {
        var problem = Problem.Read(text);
        return (int)status switch
        {
            _ when problem is null => new ExitException(Exit.NoConnection, $"What answers at {server} ({(int)status}) is not Drover's API: check --server or DROVER_SERVER."),
            404 => new ExitException(Exit.NotFound, problem.Detail),
            >= 500 => new ExitException(Exit.NoConnection, problem.Detail),
            _ => new ExitException(Exit.Refused, $"Refused ({problem.Code}): {problem.Detail}"),
        };
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
