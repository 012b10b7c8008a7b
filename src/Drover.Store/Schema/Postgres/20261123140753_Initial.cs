using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Drover.Store.Schema.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "event",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    migration_id = table.Column<Guid>(type: "uuid", nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    routing_key = table.Column<string>(type: "text", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_event", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "guest",
                columns: table => new
                {
                    host = table.Column<string>(type: "text", nullable: false),
                    uuid = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    memory_bytes = table.Column<long>(type: "bigint", nullable: false),
                    vcpus = table.Column<int>(type: "integer", nullable: false),
                    power = table.Column<string>(type: "text", nullable: false),
                    job = table.Column<string>(type: "text", nullable: false),
                    mark_epoch = table.Column<long>(type: "bigint", nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_guest", x => new { x.host, x.uuid });
                });

            migrationBuilder.CreateTable(
                name: "host",
                columns: table => new
                {
                    correlation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    current_state = table.Column<string>(type: "text", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    out_limit = table.Column<int>(type: "integer", nullable: false),
                    in_limit = table.Column<int>(type: "integer", nullable: false),
                    silent_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_host", x => x.correlation_id);
                });

            migrationBuilder.CreateTable(
                name: "host_report",
                columns: table => new
                {
                    host = table.Column<string>(type: "text", nullable: false),
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    report = table.Column<long>(type: "bigint", nullable: false),
                    inventory_report = table.Column<long>(type: "bigint", nullable: false),
                    last_report_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    silent = table.Column<bool>(type: "boolean", nullable: false),
                    libvirt_away = table.Column<string>(type: "text", nullable: true),
                    inventory = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_host_report", x => x.host);
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    consumer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_inbox", x => new { x.message_id, x.consumer_id });
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    migration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    decision = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    inputs = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lane",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    host = table.Column<string>(type: "text", nullable: false),
                    limit = table.Column<int>(type: "integer", nullable: false),
                    closed_because = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lane", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "migration",
                columns: table => new
                {
                    correlation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    current_state = table.Column<string>(type: "text", nullable: false),
                    state_reason = table.Column<string>(type: "text", nullable: true),
                    body_digest = table.Column<string>(type: "text", nullable: false),
                    guest = table.Column<string>(type: "text", nullable: false),
                    guest_uuid = table.Column<Guid>(type: "uuid", nullable: false),
                    guest_memory_bytes = table.Column<long>(type: "bigint", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    destination = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    requested_by = table.Column<string>(type: "text", nullable: true),
                    request_reason = table.Column<string>(type: "text", nullable: true),
                    tenant = table.Column<string>(type: "text", nullable: true),
                    operator_only = table.Column<bool>(type: "boolean", nullable: false),
                    max_downtime = table.Column<long>(type: "bigint", nullable: true),
                    bandwidth_bytes_per_second = table.Column<long>(type: "bigint", nullable: true),
                    attempt = table.Column<int>(type: "integer", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    check_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    source_ready = table.Column<bool>(type: "boolean", nullable: false),
                    persistent_guest = table.Column<bool>(type: "boolean", nullable: false),
                    peer_uri = table.Column<string>(type: "text", nullable: true),
                    migrate_uri = table.Column<string>(type: "text", nullable: true),
                    transfer_ordered = table.Column<bool>(type: "boolean", nullable: false),
                    cancel_asked = table.Column<bool>(type: "boolean", nullable: false),
                    cancel_requested_by = table.Column<string>(type: "text", nullable: true),
                    cancel_reason = table.Column<string>(type: "text", nullable: true),
                    question = table.Column<int>(type: "integer", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    transfer_over = table.Column<bool>(type: "boolean", nullable: false),
                    source_sighting = table.Column<string>(type: "text", nullable: true),
                    destination_sighting = table.Column<string>(type: "text", nullable: true),
                    transfer_error = table.Column<string>(type: "text", nullable: true),
                    downtime = table.Column<long>(type: "bigint", nullable: true),
                    transferred_bytes = table.Column<long>(type: "bigint", nullable: true),
                    passes = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration", x => x.correlation_id);
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    seq = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    inbox_message_id = table.Column<Guid>(type: "uuid", nullable: true),
                    inbox_consumer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    destination = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    message_types = table.Column<string>(type: "text", nullable: false),
                    headers = table.Column<string>(type: "text", nullable: true),
                    properties = table.Column<string>(type: "text", nullable: true),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    correlation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    initiator_id = table.Column<Guid>(type: "uuid", nullable: true),
                    request_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    remaining = table.Column<int>(type: "integer", nullable: false),
                    undeliverable_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    undeliverable_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_outbox", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "progress",
                columns: table => new
                {
                    migration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_progress", x => x.migration_id);
                });

            migrationBuilder.CreateTable(
                name: "waiting",
                columns: table => new
                {
                    arrival = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    migration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    out_lane = table.Column<string>(type: "text", nullable: false),
                    in_lane = table.Column<string>(type: "text", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    blocked_by = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_waiting", x => x.arrival);
                });

            migrationBuilder.CreateTable(
                name: "slot",
                columns: table => new
                {
                    lane = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    migration_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slot", x => new { x.lane, x.number });
                    table.ForeignKey(
                        name: "FK_slot_lane_lane",
                        column: x => x.lane,
                        principalTable: "lane",
                        principalColumn: "name",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_event_migration_id_sequence",
                table: "event",
                columns: new[] { "migration_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_guest_name",
                table: "guest",
                column: "name");

            migrationBuilder.CreateIndex(
                name: "IX_guest_uuid",
                table: "guest",
                column: "uuid");

            migrationBuilder.CreateIndex(
                name: "IX_host_host",
                table: "host",
                column: "host",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_host_report_last_report_at",
                table: "host_report",
                column: "last_report_at");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_received_at",
                table: "inbox",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "IX_journal_migration_id",
                table: "journal",
                column: "migration_id");

            migrationBuilder.CreateIndex(
                name: "IX_lane_host",
                table: "lane",
                column: "host");

            migrationBuilder.CreateIndex(
                name: "IX_migration_check_at",
                table: "migration",
                column: "check_at",
                filter: "check_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_migration_guest_uuid_epoch",
                table: "migration",
                columns: new[] { "guest_uuid", "epoch" });

            migrationBuilder.CreateIndex(
                name: "IX_migration_requested_at",
                table: "migration",
                column: "requested_at");

            migrationBuilder.CreateIndex(
                name: "one_unfinished_migration_per_guest",
                table: "migration",
                column: "guest_uuid",
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_inbox",
                table: "outbox",
                columns: new[] { "inbox_message_id", "inbox_consumer_id" },
                filter: "inbox_message_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_message_id",
                table: "outbox",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "IX_slot_migration_id_lane",
                table: "slot",
                columns: new[] { "migration_id", "lane" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_waiting_in_lane_priority_arrival",
                table: "waiting",
                columns: new[] { "in_lane", "priority", "arrival" },
                descending: new[] { false, true, false });

            migrationBuilder.CreateIndex(
                name: "IX_waiting_migration_id",
                table: "waiting",
                column: "migration_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_waiting_out_lane_priority_arrival",
                table: "waiting",
                columns: new[] { "out_lane", "priority", "arrival" },
                descending: new[] { false, true, false });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "event");

            migrationBuilder.DropTable(
                name: "guest");

            migrationBuilder.DropTable(
                name: "host");

            migrationBuilder.DropTable(
                name: "host_report");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "migration");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "progress");

            migrationBuilder.DropTable(
                name: "slot");

            migrationBuilder.DropTable(
                name: "waiting");

            migrationBuilder.DropTable(
                name: "lane");
        }
    }
}
