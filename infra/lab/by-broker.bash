# Sourced by demo: Drover as its roles around RabbitMQ and PostgreSQL. Commands are published with Debian's amqp-publish, events
# shown as amqp-consume receives them.
# shellcheck shell=bash disable=SC2034,SC2154  # used by demo, set by it and the env file

up_options=()
brought_up="three hosts, RabbitMQ and PostgreSQL"
started="coordinator, API, an agent on each host"
roles=(coordinator api agent-host-a agent-host-b agent-host-c)
killed=(coordinator agent-host-a)
kept=

prepare_drover() { DROVER_Store__ConnectionString=$DROVER_POSTGRES "$binary" schema apply; }

# Every event, as a subscriber in any language receives it: one line a JSON body, kept in a file, and shown.
watch_events() {
    events=$lab/demo-events
    : >"$events"
    amqp-consume --url="$DROVER_AMQP_URL" --exchange=drover.events --routing-key='#' -- "$here/show-event" "$events" 2>"$lab/log/demo-consumer" &
}

publish() { amqp-publish --url="$DROVER_AMQP_URL" --exchange=drover.commands --routing-key="$1" --content-type=application/json --persistent --body="$2"; }

# move GUEST HOST: sets migration; again: the same message once more
move() {
    migration=$(cat /proc/sys/kernel/random/uuid)
    body="{\"migrationId\": \"$migration\", \"guest\": \"$1\", \"destination\": \"$2\", \"requestedBy\": \"demo\"}"
    note "${dim}amqp-publish --exchange=drover.commands --routing-key=migrate-guest --body='$body'${plain}"
    publish migrate-guest "$body"
}
again() { publish migrate-guest "$body"; }
cancel() { publish cancel-migration "{\"migrationId\": \"$1\", \"requestedBy\": \"demo\", \"reason\": \"$2\"}"; }

# The events of one migration, in the order of their arrival.
events_of() { jq -c --arg id "$1" 'select(.migrationId == $id)' "$events"; }
claim_told() { :; }  # the events are all that anybody is told
