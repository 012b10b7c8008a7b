# Sourced by demo: Drover as one process with SQLite, that reaches all hosts' libvirts over the network. Everything is asked over HTTP, with drover's own commands.
# shellcheck shell=bash disable=SC2034,SC2154  # used by demo, set by it and the env file

up_options=(--hosts-only)
brought_up="three hosts"
started="one process for all three hosts"
roles=(standalone)
killed=(standalone)
kept="; the one process: infra/lab/role stop|start standalone, its site: \$DROVER_LAB/standalone.yaml"

prepare_drover() { :; }
watch_events() { export DROVER_SERVER=$DROVER_API_URL; }

# move GUEST HOST: sets migration, and goes on to show what `drover migrate --wait` says; again: the same request once more
move() {
    told=$lab/demo-told
    : >"$told"
    note "${dim}drover migrate $1 --to $2 --wait --server $DROVER_SERVER${plain}"
    "$binary" migrate "$1" --to "$2" --wait > >(tee "$told" | sed -u 's/^/   /') 2>&1 &
    until_true 30 grep -q '^accepted ' "$told" || { echo "demo: nobody accepted that $1 moves" >&2; exit 1; }
    migration=$(awk '$1 == "accepted" { print $2; exit }' "$told")  # the first such line: its progress may say "accepted" too
    body="{\"migrationId\": \"$migration\", \"guest\": \"$1\", \"destination\": \"$2\", \"requestedBy\": \"$(id -un)\"}"
}
again() { curl -fsS -m 5 -o /dev/null -H 'Content-Type: application/json' -d "$body" "$DROVER_SERVER/v1/migrations"; }
cancel() { "$binary" cancel "$1" --reason "$2" | sed 's/^/   /'; }

# The events of one migration in their order, then its newest progress.
events_of() { curl -fs -m 5 "$DROVER_SERVER/v1/migrations/$1" | jq -c '.events[].body, .migration.progress // empty'; }
was_told() { until_true 10 grep -q "^$1: " "$told"; }
claim_told() { claim "who waits for it with drover migrate --wait is told so" was_told "$1"; }
