using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Drover.Store.Schema.Sqlite
{
    /// <inheritdoc />
    public partial class Evidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "destination_down",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "missing_since",
                table: "migration",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "resolution",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "source_down",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "confirmed_down_at",
                table: "host",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "confirmed_down_by",
                table: "host",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "confirmed_down_reason",
                table: "host",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "epoch_floor",
                table: "host",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "unreachable_since",
                table: "host",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "mark_migration_id",
                table: "guest",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "guest_copies",
                columns: table => new
                {
                    uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    inquiry = table.Column<Guid>(type: "TEXT", nullable: false),
                    question = table.Column<int>(type: "INTEGER", nullable: false),
                    sightings = table.Column<string>(type: "TEXT", nullable: false),
                    noticed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    rounds = table.Column<int>(type: "INTEGER", nullable: false),
                    alarmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    check_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_guest_copies", x => x.uuid);
                });

            migrationBuilder.CreateTable(
                name: "guest_place",
                columns: table => new
                {
                    uuid = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    host = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    how = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_guest_place", x => x.uuid);
                });

            migrationBuilder.CreateIndex(
                name: "IX_guest_job",
                table: "guest",
                column: "job",
                filter: "job <> 'none'");

            migrationBuilder.CreateIndex(
                name: "IX_guest_copies_check_at",
                table: "guest_copies",
                column: "check_at");

            migrationBuilder.CreateIndex(
                name: "IX_guest_copies_inquiry",
                table: "guest_copies",
                column: "inquiry",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "guest_copies");

            migrationBuilder.DropTable(
                name: "guest_place");

            migrationBuilder.DropIndex(
                name: "IX_guest_job",
                table: "guest");

            migrationBuilder.DropColumn(
                name: "destination_down",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "missing_since",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "resolution",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "source_down",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "confirmed_down_at",
                table: "host");

            migrationBuilder.DropColumn(
                name: "confirmed_down_by",
                table: "host");

            migrationBuilder.DropColumn(
                name: "confirmed_down_reason",
                table: "host");

            migrationBuilder.DropColumn(
                name: "epoch_floor",
                table: "host");

            migrationBuilder.DropColumn(
                name: "unreachable_since",
                table: "host");

            migrationBuilder.DropColumn(
                name: "mark_migration_id",
                table: "guest");
        }
    }
}
