# Sourced by run: commands to Drover over RabbitMQ as any client would send them, and its books: rows, events, what came over the bus.
# shellcheck shell=bash disable=SC2034,SC2154  # set by lab.bash, the env file and run

sql() { psql "$DROVER_POSTGRES_URL" -qAtc "$1" 2>/dev/null; }

publish() { timeout 10 amqp-publish --url="$DROVER_AMQP_URL" --exchange=drover.commands --routing-key="$1" --content-type=application/json --persistent --body="$2"; }
new_id() { cat /proc/sys/kernel/random/uuid; }

# ask [GUEST [DESTINATION]]: a migrate-guest; its id is known to the cell from here on.
ask() {
    migration=$(new_id)
    ids+=("$migration")
    if [[ ${1-} ]]; then goes_to[$1]=$2; fi
    body="{\"migrationId\": \"$migration\", \"guest\": \"${1:-$guest}\", \"destination\": \"${2:-$destination}\", \"requestedBy\": \"chaos\"}"
    publish migrate-guest "$body" || complain "the broker did not take the command"
}
cancel() { publish cancel-migration "{\"migrationId\": \"$migration\", \"requestedBy\": \"chaos\", \"reason\": \"the cell says so\"}"; }
post() { curl -sS -m "${1:-10}" -o /dev/null -w '%{http_code}' -H 'content-type: application/json' -d "$body" "$DROVER_API_URL/v1/migrations" 2>/dev/null; }

state_of() { sql "select current_state from migration where correlation_id = '$1'"; }
is_in() { [[ $(state_of "$migration") == "$1" ]]; }
slots() { sql "select count(*) from slot"; }
held() { [[ $(slots) == "$1" ]]; }
told() { [[ $(sql "select count(*) from event where migration_id = '$migration' and routing_key = '$1'") -gt 0 ]]; }   # told EVENT
heard() { jq -c "select($1)" <"$events" 2>/dev/null | grep -q .; }   # heard FILTER: over all that came over the bus
looked_at() { heard ".migrationId == \"$migration\" and .event == \"migration.progressed\" and .occurredAt > \"$1\""; }   # looked_at SINCE
instant() { date -u +%FT%T; }

# await SECONDS WORDS COMMAND...
await() {
    local words=$2 seconds=$1
    shift 2
    until_true "$seconds" "$@" && return
    complain "not within $seconds s: $words"
    return 1
}
moving() { await 40 "memory moves" in_phase "$source" perform3; at_some_point; }
in_phase() { grep -qs "async='[^']*' phase='$2'" "$(status_file "$1")"; }
at_some_point() { pause_for "$((RANDOM % 2)).$((RANDOM % 10))"; }   # within the phase; the seed says when

# ask_rabbitmq COMMAND...: the broker's own view, for the evidence.
ask_rabbitmq() {
    as rabbitmq "$lab/rabbitmq" ERL_EPMD_PORT="$epmd_port" RABBITMQ_NODENAME="drover-$id@localhost" RABBITMQ_CONF_ENV_FILE=/dev/null \
        timeout 30 /usr/lib/rabbitmq/bin/rabbitmqctl "$@" 2>&1
}

# Each event is kept as it comes. The queue is durable: it waits while the broker or we are away.
listen() {
    events=$lab/chaos/events
    touch "$events"
    exec 9> >("$observer" listen "$DROVER_AMQP_URL" drover.events chaos.events "$events" 2>"$lab/log/chaos-listener")
}
stop_listening() { exec 9>&-; }

# The hosts that hold a definition of the guest, or run it, by libvirt's files.
defined_on() { local host; for host in "${host_names[@]}"; do if [[ -e $lab/$host/etc/libvirt/qemu/$1.xml ]]; then echo "$host"; fi; done; }
active_on() { local host; for host in "${host_names[@]}"; do if [[ -e $(status_file "$host" "$1") ]]; then echo "$host"; fi; done; }
emulators() { pgrep -fc "guest=$1,.*$lab/initramfs"; }
runs_alone_on() {   # runs_alone_on GUEST HOST
    [[ $(defined_on "$1") == "$2" && $(active_on "$1") == "$2" && $(emulators "$1") == 1 ]] && grep -qs "^<domstatus state='running'" "$(status_file "$2" "$1")" &&
        ! grep -qs "async='migration" "$(status_file "$2" "$1")"
}
is_recorded_on() { [[ $(sql "select string_agg(host, ' ') from guest where name = '$1'") == "$2" ]]; }
is_off() { [[ $(emulators "$1") == 0 && -z $(active_on "$1") ]]; }

# Ended, all that the cell asked for, and nothing held any more.
all_ended() {
    local list
    ((${#ids[@]})) || return 0
    list=$(printf "'%s'," "${ids[@]}")
    [[ $(sql "select count(*) from migration where correlation_id in (${list%,}) and current_state in ('Completed', 'Cancelled', 'Failed')") == "${#ids[@]}" && $(slots) == 0 ]]
}

ends_of() { sql "select routing_key from event where migration_id = '$1' and routing_key in ('migration.completed', 'migration.cancelled', 'migration.failed')"; }
reason_of() { sql "select coalesce(body::jsonb ->> 'code' || ': ', '') || (body::jsonb ->> 'reason') from event where migration_id = '$1' order by sequence desc limit 1"; }

# check_books ID END-PATTERN [TOLD-AGAIN]: one end, as expected, no gap, and all of it came over the bus. A database that was restored may tell an end again.
check_books() {
    local migration=$1 pattern=$2 again=${3-} end count
    end=$(ends_of "$migration")
    [[ $end =~ ^migration\.($pattern)$ ]] || complain "it ended as '${end//$'\n'/ and }', not as $pattern"
    [[ $(sql "select count(*) = max(sequence) and min(sequence) = 1 from event where migration_id = '$migration'") == t ]] || complain "its sequence has a gap"
    until_true 15 all_heard "$migration" || complain "events in its table did not come over the bus"
    count=$(jq -r --arg id "$migration" 'select(.migrationId == $id and (.event | test("\\.(completed|cancelled|failed)$"))) | .eventId' "$events" | sort -u | wc -l)
    ((count == 1)) || [[ $again ]] || complain "$count ends came over the bus"
}
all_heard() {
    [[ -z $(comm -23 <(sql "select body::jsonb ->> 'eventId' from event where migration_id = '$1'" | sort -u) \
        <(jq -r --arg id "$1" 'select(.migrationId == $id and .sequence) | .eventId' "$events" | sort -u)) ]]
}
