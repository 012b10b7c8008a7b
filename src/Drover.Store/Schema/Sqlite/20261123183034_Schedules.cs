using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Drover.Store.Schema.Sqlite
{
    /// <inheritdoc />
    public partial class Schedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "deadline",
                table: "migration",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "deadline_token",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "forced",
                table: "migration",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "not_before",
                table: "migration",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "not_before_token",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "on_deadline",
                table: "migration",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "tombstone",
                columns: table => new
                {
                    migration_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    body_digest = table.Column<string>(type: "TEXT", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tombstone", x => x.migration_id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_migration_ended_at",
                table: "migration",
                column: "ended_at",
                filter: "ended_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "tombstone");

            migrationBuilder.DropIndex(
                name: "IX_migration_ended_at",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "deadline",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "deadline_token",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "forced",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "not_before",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "not_before_token",
                table: "migration");

            migrationBuilder.DropColumn(
                name: "on_deadline",
                table: "migration");
        }
    }
}
