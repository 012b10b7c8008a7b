# Sourced by run: the matrix. A cell is a line (judgement.bash says what its options mean) and what it does; $source, $destination and $third are hosts,
# $guest runs on the first. What is killed is started again by repair; from then on the time counts until everything is clean.
# shellcheck shell=bash disable=SC2034,SC2154  # set by run

# A migration that takes some 20 s unless somebody speeds it up; memory moves when this returns.
begin_slowly() { slow; ask; moving; }
on_with_it() { repair; speed_up; }
agent() { pid_of_role "agent-$1"; }

cell nothing-happens - "a migration without any fault" end=completed
nothing-happens() { ask; }

# --- the observer itself must see what it is there for ------------------------------------------------------------------------------------------------------

cell observer-sees-two-copies - "one saved guest is restored on two hosts: two moving copies, made by hand; the observer must see them" place=source two=yes pause=600000 silence=60000
observer-sees-two-copies() {
    local image=$lab/chaos/copy
    virsh_on "$source" dumpxml "$guest" --migratable >"$image.xml"
    virsh_on "$source" save "$guest" "$image"
    virsh_on "$source" restore "$image" --running
    virsh_on "$destination" restore "$image" --running
    did "$guest runs twice"
    pause_for 3
    virsh_on "$destination" destroy "$guest"
    rm -f "$image" "$image.xml"
    forget_guest=yes
}

cell observer-sees-a-lost-guest - "a guest is destroyed by hand, and expected to run: the observer must see that it does not" place=source sees=no.host patience=2
observer-sees-a-lost-guest() { virsh_on "$source" destroy "$guest"; did "$guest is destroyed"; }

# --- API, outbox and coordinator (rows 1 to 5, 8) -----------------------------------------------------------------------------------------------------------

cell api-killed-after-commit 1 "kill -9 the API when its row is committed and the client is not told; the client asks again with the same id" end=completed
api-killed-after-commit() {
    signal STOP coordinator "$(pid_of_role coordinator)"
    commits_hang
    post_in_vain
    await 15 "the API's commit is durable" a_commit_hangs
    end_role api
    commits_return
    repair
    [[ $(post) == 20[02] ]] || complain "the client that asked again was refused"
}
post_in_vain() {
    migration=$(new_id)
    ids+=("$migration")
    body="{\"migrationId\": \"$migration\", \"guest\": \"$guest\", \"destination\": \"$destination\"}"
    post 20 >/dev/null &
}

cell api-killed-before-commit 2 "kill -9 the API while its row waits for a lock; nothing may exist; the client asks again with the same id" end=completed
api-killed-before-commit() {
    signal STOP coordinator "$(pid_of_role coordinator)"
    lock_table outbox 8
    post_in_vain
    await 15 "the API waits for the lock" somebody_waits_for_a_lock
    end_role api
    await 15 "the lock is gone" table_is_free outbox
    repair
    [[ -z $(state_of "$migration") ]] || complain "there is a migration that nobody was told of"
    [[ $(post) == 202 ]] || complain "the client that asked again was refused"
}

cell api-killed-before-publishing 3 "kill -9 the API when its row is committed and the broker takes nothing" end=completed
api-killed-before-publishing() {
    local pids
    mapfile -t pids < <(pids_of_rabbitmq)
    signal STOP RabbitMQ "${pids[@]}"
    post_in_vain
    await 15 "the row is committed" outbox_holds_something
    end_role api
    repair
}
outbox_holds_something() { [[ $(sql 'select count(*) from outbox') -gt 0 ]]; }

cell coordinator-killed-between-commit-and-publish 3 "kill -9 the coordinator when its rows are committed and nothing of them is sent" end=completed
coordinator-killed-between-commit-and-publish() {
    commits_hang
    ask
    await 15 "a commit of the coordinator is durable" a_commit_hangs
    end_role coordinator
    commits_return
    repair
}

cell coordinator-killed-before-it-marks-as-sent 3 "rows that were sent cannot be deleted, then kill -9 the coordinator: all is sent again" end=completed
coordinator-killed-before-it-marks-as-sent() {
    administer 'create rule keep as on delete to outbox do instead nothing'
    did "rows of the outbox stay"
    slow
    ask
    moving
    end_role coordinator
    administer 'drop rule keep on outbox'
    on_with_it
}

cell coordinator-killed-with-slots-reserved 4 "agents do not answer, so the slots are taken and no transfer is ordered; kill -9 the coordinator" end=completed
coordinator-killed-with-slots-reserved() {
    signal STOP "both agents" "$(agent "$source")" "$(agent "$destination")"
    ask
    await 20 "its slots are held" held 2
    end_role coordinator
    repair
}

cell two-coordinators-and-the-last-slot 5 "six migrations that want the same slots, and two coordinators that give them" end=completed guests=six-1,six-2,six-3,six-4,six-5,six-6 patience=150 place=destination pause=3000
two-coordinators-and-the-last-slot() {
    local name second
    second=$(second_coordinator)
    slow 100mbit
    for name in $guests; do ask "$name" "$(other_host "$(defined_on "$name")")"; done
    until_true 40 all_moving 2
    pause_for 2
    speed_up
    repair
    until_true 140 all_ended
    kill "$second"
    forget_guest=yes    # they are all on two hosts now; the next cell wants them everywhere
}

cell coordinator-killed-in-pre-copy 8 "kill -9 the coordinator while memory moves" end=completed
coordinator-killed-in-pre-copy() { begin_slowly; end_role coordinator; on_with_it; }

cell coordinator-killed-when-libvirt-is-done 8 "kill -9 the coordinator when the guest has arrived and nobody has said so" end=completed
coordinator-killed-when-libvirt-is-done() {
    slow 200mbit
    ask
    caught_in "$destination" --state running --phase finish3 "$(pid_of_role coordinator)"
    end_role coordinator
    pause_for 3
    on_with_it
}

cell coordinator-stopped-30-s-in-pre-copy 8 "SIGSTOP the coordinator for 30 s; the migration ends meanwhile" end=completed
coordinator-stopped-30-s-in-pre-copy() { begin_slowly; speed_up; stop_for 30 coordinator "$(pid_of_role coordinator)"; repair; }

# --- agents (rows 6 to 10) ----------------------------------------------------------------------------------------------------------------------------------

cell source-agent-killed-before-the-call 6 "kill -9 the source's agent when it has written its mark and not called libvirt"
source-agent-killed-before-the-call() {
    slow
    ask
    caught_in "$source" --text "$migration" "$(agent "$source")" && end_role "agent-$source"
    on_with_it
}

cell source-agent-killed-as-it-calls 6 "kill -9 the source's agent in libvirt's begin3: the call is sent, nobody knows" end=completed
source-agent-killed-as-it-calls() {
    slow
    ask
    caught_in "$source" --phase begin3 "$(agent "$source")" && end_role "agent-$source"
    on_with_it
}

cell source-agent-killed-in-pre-copy 7 "kill -9 the source's agent while memory moves" end=completed
source-agent-killed-in-pre-copy() { begin_slowly; end_role "agent-$source"; on_with_it; }

cell destination-agent-killed-in-pre-copy 7 "kill -9 the destination's agent while memory moves" end=completed
destination-agent-killed-in-pre-copy() { begin_slowly; end_role "agent-$destination"; on_with_it; }

cell all-of-drover-killed-in-pre-copy 7 "kill -9 coordinator, API and all agents while memory moves" end=completed
all-of-drover-killed-in-pre-copy() {
    begin_slowly
    signal KILL "all of Drover" "$(pid_of_role coordinator)" "$(pid_of_role api)" "$(agent host-a)" "$(agent host-b)" "$(agent host-c)"
    on_with_it
}

cell source-agent-stopped-30-s-in-pre-copy 7 "SIGSTOP the source's agent for 30 s; the migration ends meanwhile" end=completed
source-agent-stopped-30-s-in-pre-copy() { begin_slowly; speed_up; stop_for 30 "agent-$source" "$(agent "$source")"; repair; }

cell both-agents-stopped-30-s-in-pre-copy 7 "SIGSTOP both agents for 30 s; the migration ends meanwhile" end=completed
both-agents-stopped-30-s-in-pre-copy() { begin_slowly; speed_up; stop_for 30 "both agents" "$(agent "$source")" "$(agent "$destination")"; repair; }

cell source-agent-killed-when-libvirt-is-done 8 "kill -9 the source's agent in perform3_done: the guest is through, nobody has said so" end=completed
source-agent-killed-when-libvirt-is-done() {
    slow 200mbit
    ask
    caught_in "$source" --phase perform3_done "$(agent "$source")" && end_role "agent-$source"
    on_with_it
}

cell source-agent-killed-before-abort 9 "cancelled; kill -9 the source's agent before it can abort" end='cancelled|completed'
source-agent-killed-before-abort() {
    begin_slowly
    signal STOP "agent-$source" "$(agent "$source")"
    cancel
    await 15 "it is being cancelled" is_in Cancelling
    end_role "agent-$source"
    repair
}

cell source-agent-killed-after-abort 9 "cancelled; kill -9 the source's agent when libvirt has aborted and nobody has said so" end=cancelled place=source
source-agent-killed-after-abort() {
    begin_slowly
    cancel
    caught_in "$source" --phase none "$(agent "$source")" && end_role "agent-$source"
    on_with_it
}

cell source-agent-killed-while-it-steps-the-downtime 10 "a guest that dirties faster than its link; kill -9 its agent when the downtime limit has been stepped" end=completed guests=busy
source-agent-killed-while-it-steps-the-downtime() {
    begin_slowly
    await 60 "the downtime limit is stepped" heard ".migrationId == \"$migration\" and .event == \"migration.progressed\" and .pass > 2"
    end_role "agent-$source"
    on_with_it
}

# The same moments, but the agent stands still for 30 s and goes on, or what it says is lost for a while.

cell source-agent-stopped-30-s-as-it-calls 6 "SIGSTOP the source's agent for 30 s in libvirt's begin3; the migration ends meanwhile" end=completed
source-agent-stopped-30-s-as-it-calls() {
    ask
    caught_in "$source" --phase begin3 "$(agent "$source")"
    pause_for 30
    repair
}

cell source-agent-stopped-30-s-when-libvirt-is-done 8 "SIGSTOP the source's agent for 30 s in perform3_done" end=completed
source-agent-stopped-30-s-when-libvirt-is-done() {
    slow 200mbit
    ask
    caught_in "$source" --phase perform3_done "$(agent "$source")"
    pause_for 30
    repair
}

cell source-agent-stopped-30-s-before-abort 9 "cancelled; SIGSTOP the source's agent for 30 s before it can abort" end='cancelled|completed'
source-agent-stopped-30-s-before-abort() {
    begin_slowly
    signal STOP "agent-$source" "$(agent "$source")"
    cancel
    pause_for 30
    repair
}

cell source-agent-unheard-as-it-calls 6 "what the source's agent says is lost for 15 s, from begin3 on" end=completed
source-agent-unheard-as-it-calls() {
    slow 200mbit
    ask
    caught_in "$source" --phase begin3
    cut_control_out "$source"
    pause_for 15
    on_with_it
}

cell source-agent-unheard-when-libvirt-is-done 8 "what the source's agent says is lost for 15 s, from perform3_done on" end=completed
source-agent-unheard-when-libvirt-is-done() {
    slow 200mbit
    ask
    caught_in "$source" --phase perform3_done
    cut_control_out "$source"
    pause_for 15
    on_with_it
}

cell source-agent-unheard-while-it-aborts 9 "cancelled; what the source's agent says is lost for 15 s" end='cancelled|completed'
source-agent-unheard-while-it-aborts() {
    begin_slowly
    cut_control_out "$source"
    cancel
    pause_for 15
    repair
}

# --- libvirt's daemons (rows 11, 12) ------------------------------------------------------------------------------------------------------------------------

cell source-libvirtd-killed-in-begin 11 "kill -9 the source's libvirtd in begin3" end=failed place=source
source-libvirtd-killed-in-begin() {
    slow
    ask
    caught_in "$source" --phase begin3 "$(pid_of_libvirtd "$source")" && end_libvirtd "$source"
    on_with_it
}

cell source-libvirtd-killed-in-pre-copy 11 "kill -9 the source's libvirtd while memory moves (perform3)" end=failed place=source
source-libvirtd-killed-in-pre-copy() { begin_slowly; end_libvirtd "$source"; on_with_it; }

cell source-libvirtd-stopped-30-s-in-pre-copy 11 "SIGSTOP the source's libvirtd for 30 s while memory moves" silence=40000 pause=40000
source-libvirtd-stopped-30-s-in-pre-copy() { begin_slowly; stop_for 30 "libvirtd of $source" "$(pid_of_libvirtd "$source")"; on_with_it; }

cell source-libvirtd-killed-in-perform-done 11 "kill -9 the source's libvirtd in perform3_done: 'a third party needs to check'; the destination is held meanwhile so that it has not finished" silence=90000 pause=90000
source-libvirtd-killed-in-perform-done() {
    begin_slowly
    signal STOP "libvirtd of $destination" "$(pid_of_libvirtd "$destination")"
    speed_up
    if caught_in "$source" --phase perform3_done "$(pid_of_libvirtd "$source")"; then end_libvirtd "$source"; fi
    on_with_it
    settle_by_hand
}

cell source-libvirtd-killed-in-confirm 11 "kill -9 the source's libvirtd in confirm3" end=completed place=destination
source-libvirtd-killed-in-confirm() {
    slow 200mbit
    ask
    caught_in "$source" --phase confirm3 "$(pid_of_libvirtd "$source")" && end_libvirtd "$source"
    on_with_it
}

cell destination-libvirtd-killed-in-prepare 12 "kill -9 the destination's libvirtd in prepare" end=failed place=source
destination-libvirtd-killed-in-prepare() {
    slow
    ask
    caught_in "$destination" --phase prepare "$(pid_of_libvirtd "$destination")" && end_libvirtd "$destination"
    on_with_it
    until_true 15 knows_no_half_started "$destination" || forget_half_started "$destination"
}
# libvirt 9.0, killed while it starts a QEMU, keeps the guest "starting up" with pid 0 for ever, and refuses to destroy it: its "migration in" holds the lock.
knows_no_half_started() { ! grep -qs "reason='starting up' pid='0'" "$(status_file "$1")"; }
forget_half_started() {
    end_libvirtd "$1"
    rm -f "$(status_file "$1")"
    did "an operator removes what libvirt on $1 keeps of a guest that it never started"
    repair
}

cell destination-libvirtd-killed-in-pre-copy 12 "kill -9 the destination's libvirtd while memory moves" end=failed place=source
destination-libvirtd-killed-in-pre-copy() { begin_slowly; end_libvirtd "$destination"; on_with_it; }

cell destination-libvirtd-stopped-30-s-in-pre-copy 12 "SIGSTOP the destination's libvirtd for 30 s while memory moves" silence=45000 pause=45000
destination-libvirtd-stopped-30-s-in-pre-copy() { begin_slowly; stop_for 30 "libvirtd of $destination" "$(pid_of_libvirtd "$destination")"; on_with_it; }

cell destination-libvirtd-killed-before-it-resumes 12 "kill -9 the destination's libvirtd when all memory has come and the guest is not yet resumed" pause=20000 silence=20000
destination-libvirtd-killed-before-it-resumes() {
    slow 200mbit
    ask
    if caught_in "$source" --state paused "$(pid_of_libvirtd "$destination")"; then end_libvirtd "$destination"; fi
    on_with_it
    settle_by_hand
}

# FACTS: libvirt's own window. The source takes no answer for "cancelled" and resumes its own copy beside the one that runs: to be seen and told, not prevented.
cell destination-libvirtd-killed-after-it-resumed 12 "kill -9 the destination's libvirtd when it has resumed the guest and not said so: libvirt's own window; detected, told, and ended by an operator" two=yes place=source pause=600000 silence=60000
destination-libvirtd-killed-after-it-resumed() {
    slow 200mbit
    ask
    caught_in "$destination" --phase finish3 --state running "$(pid_of_libvirtd "$destination")" && end_libvirtd "$destination"
    pause_for 2
    repair
    await 15 "Drover says that two copies run" heard '.event == "guest.two-copies"'
    virsh_on "$destination" destroy "$guest" >/dev/null
    virsh_on "$destination" undefine "$guest" >/dev/null
    did "an operator throws the copy on $destination away"
    repaired=$(now_ms)
    forget_guest=yes
}

# --- QEMU (rows 13, 14; post-copy is not built yet) -----------------------------------------------------------------------------------------------------------

cell source-qemu-killed-in-pre-copy 13 "kill -9 the source's QEMU while memory moves: the guest is lost, and said to be" end=failed place=lost
source-qemu-killed-in-pre-copy() { begin_slowly; end_qemu "$source"; on_with_it; }

cell source-qemu-killed-at-switch-over 13 "kill -9 the source's QEMU when it has stopped the guest" place=lost
source-qemu-killed-at-switch-over() {
    slow 200mbit
    ask
    caught_in "$source" --state paused "$(pid_of_qemu "$source")" && end_qemu "$source"
    on_with_it
}

cell destination-qemu-killed-in-pre-copy 14 "kill -9 the destination's QEMU while memory moves" end=failed place=source
destination-qemu-killed-in-pre-copy() { begin_slowly; end_qemu "$destination"; on_with_it; }

cell destination-qemu-killed-at-switch-over 14 "kill -9 the destination's QEMU when the source has stopped the guest" place=source end=failed pause=10000 silence=10000
destination-qemu-killed-at-switch-over() {
    begin_slowly
    local pid
    pid=$(pid_of_qemu "$destination")
    caught_in "$source" --state paused "$pid" && signal KILL "QEMU of $guest on $destination" "$pid"
    on_with_it
}

# --- links (rows 15 to 17) ------------------------------------------------------------------------------------------------------------------------------------

cell link-cut-1-s 15 "the link between the hosts is cut for 1 s while memory moves" end=completed
link-cut-1-s() { begin_slowly; cut_link "$source" "$destination"; pause_for 1; on_with_it; }

cell link-cut-10-s 15 "the same for 10 s"
link-cut-10-s() { begin_slowly; cut_link "$source" "$destination"; pause_for 10; on_with_it; }

cell link-cut-60-s 15 "the same for 60 s: libvirt's keepalive ends the migration" end=failed place=source
link-cut-60-s() { begin_slowly; cut_link "$source" "$destination"; pause_for 60; on_with_it; }

cell link-cut-one-way-10-s 15 "what the source sends to the destination is lost for 10 s"
link-cut-one-way-10-s() { begin_slowly; cut_one_way "$source" "$destination"; pause_for 10; on_with_it; }

cell link-cut-at-switch-over 15 "the link between the hosts is cut for 10 s when the source has stopped the guest" pause=60000 silence=60000
link-cut-at-switch-over() {
    begin_slowly
    caught_in "$source" --state paused
    cut_link "$source" "$destination"
    pause_for 10
    on_with_it
    settle_by_hand
}

cell link-falls-tenfold 16 "the link falls to a tenth for 10 s while memory moves" end=completed
link-falls-tenfold() { slow 80mbit; ask; moving; slow 8mbit; did "the link carries a tenth"; pause_for 10; on_with_it; }

cell link-loses-a-fifth 16 "a fifth of all packets between the hosts is lost for 10 s" end=completed
link-loses-a-fifth() {
    begin_slowly
    lose_from "$destination" "$source" -m statistic --mode random --probability 0.2
    lose_from "$source" "$destination" -m statistic --mode random --probability 0.2
    did "every fifth packet between the hosts is lost"
    pause_for 10
    on_with_it
}

cell control-of-source-cut 17 "the source does not reach the broker for 25 s; the migration ends meanwhile" end=completed
control-of-source-cut() { begin_slowly; cut_control "$source"; speed_up; pause_for 25; repair; }

cell control-of-source-cut-one-way 17 "what the source sends to the broker is lost for 25 s, what comes does" end=completed
control-of-source-cut-one-way() { begin_slowly; cut_control_out "$source"; speed_up; pause_for 25; repair; }

cell control-to-source-cut-one-way 17 "what the broker sends to the source is lost for 25 s, what it says arrives" end=completed
control-to-source-cut-one-way() { begin_slowly; did "what the broker sends to $source is lost"; firewall "$source" -A INPUT -s "$subnet.1" -j DROP; speed_up; pause_for 25; repair; }

cell control-of-destination-cut 17 "the destination does not reach the broker for 25 s; the migration ends meanwhile" end=completed
control-of-destination-cut() { begin_slowly; cut_control "$destination"; speed_up; pause_for 25; repair; }

cell control-of-both-cut 17 "both do not reach the broker for 25 s; the slots stay held, the migration ends meanwhile" end=completed
control-of-both-cut() {
    begin_slowly
    cut_control "$source" "$destination"
    speed_up
    pause_for 25
    held 2 || complain "slots were given back while nobody knew"
    repair
}

# --- whole hosts (row 18) -------------------------------------------------------------------------------------------------------------------------------------

cell source-loses-power 18 "everything on the source dies while memory moves, and is started again: the guest is lost, and said to be" end=failed place=lost
source-loses-power() { begin_slowly; power_off "$source"; pause_for 3; on_with_it; }

cell destination-loses-power 18 "everything on the destination dies while memory moves, and is started again" end=failed place=source patience=90
destination-loses-power() { begin_slowly; power_off "$destination"; pause_for 3; on_with_it; }

cell source-loses-power-and-is-confirmed-down 18 "the source dies after the guest has arrived, and stays dead: an operator attests it, then the destination alone testifies" end=completed place=destination
source-loses-power-and-is-confirmed-down() {
    local since
    since=$(instant)
    slow 200mbit
    ask
    caught_in "$destination" --state running --phase finish3 "$(agent "$source")"
    power_off "$source"
    stopped=()
    await 40 "Drover says that $source is silent" heard ".event == \"host.silent\" and .host == \"$source\" and .occurredAt > \"$since\""
    held 2 || complain "slots were given back while nobody knew"
    publish confirm-host-down "{\"host\": \"$source\", \"requestedBy\": \"chaos\", \"reason\": \"it burns\"}"
    did "an operator attests that $source is down"
    repaired=$(now_ms)
    await 30 "the destination's word alone ends it" all_ended
    local clean=$repaired
    repair
    repaired=$clean
    # It died before it could forget the guest, and comes back with a definition of it, shut off.
    virsh_on "$source" undefine "$guest" >/dev/null 2>&1 && did "an operator throws away the definition that came back with $source"
}

# --- RabbitMQ (rows 19 to 21) -----------------------------------------------------------------------------------------------------------------------------------

cell rabbitmq-killed-in-pre-copy 19 "kill -9 RabbitMQ while memory moves, and start it" end=completed
rabbitmq-killed-in-pre-copy() { begin_slowly; rabbitmq_away; on_with_it; }

cell rabbitmq-killed-as-a-request-comes 19 "kill -9 RabbitMQ just after it has taken a request" end=completed
rabbitmq-killed-as-a-request-comes() { ask; rabbitmq_away; repair; }

cell rabbitmq-stopped-30-s 19 "SIGSTOP RabbitMQ for 30 s; the migration ends meanwhile" end=completed
rabbitmq-stopped-30-s() {
    local pids
    begin_slowly
    mapfile -t pids < <(pids_of_rabbitmq)
    speed_up
    stop_for 30 RabbitMQ "${pids[@]}"
    repair
}

cell rabbitmq-away-for-a-minute 19 "RabbitMQ is away for a real minute; the migration ends meanwhile; nobody is busy in vain" end=completed
rabbitmq-away-for-a-minute() {
    local before after
    begin_slowly
    rabbitmq_away
    speed_up
    before=$(cpu_of_drover)
    pause_for 60
    after=$(cpu_of_drover)
    did "Drover's processes took $(((after - before) * 10)) ms of CPU in that minute"
    ((after - before < 1500)) || complain "Drover's processes were busy while the broker was away"
    repair
}

cell rabbitmq-connections-reset 20 "all connections to RabbitMQ are reset ten times while memory moves" end=completed
rabbitmq-connections-reset() {
    local n
    begin_slowly
    for ((n = 0; n < 10; n++)); do
        ss -HtK state established "sport = :$DROVER_AMQP_PORT" >/dev/null
        pause_for 0.5
    done
    did "all connections to the broker were reset ten times"
    on_with_it
}

cell poison-messages 21 "what is no command, no JSON, no known key, and junk in the inner queues: the migration goes on" end=completed
poison-messages() {
    local n
    begin_slowly
    for ((n = 0; n < 20; n++)); do
        publish migrate-guest 'not JSON at all'
        publish migrate-guest '{"migrationId": 7, "guest": []}'
        publish no-such-command '{}'
        amqp-publish --url="$DROVER_AMQP_URL" --routing-key=drover.migrations --body='{"junk": true}'
    done
    did "80 poison messages were published"
    on_with_it
}

# --- PostgreSQL (rows 22 to 24) ----------------------------------------------------------------------------------------------------------------------------------

cell postgres-killed-at-commit 22 "kill -9 PostgreSQL when a commit is durable and nobody has been told" end=completed
postgres-killed-at-commit() {
    begin_slowly
    commits_hang
    await 15 "a commit is durable" a_commit_hangs
    postgres_away
    sed -i /synchronous_standby_names/d "$lab/postgres/data/postgresql.auto.conf"
    on_with_it
}

cell postgres-killed-in-pre-copy 23 "kill -9 PostgreSQL while memory moves; the migration ends meanwhile" end=completed
postgres-killed-in-pre-copy() { begin_slowly; postgres_away; speed_up; pause_for 10; repair; }

cell postgres-stopped-30-s 23 "SIGSTOP PostgreSQL for 30 s; the migration ends meanwhile" end=completed
postgres-stopped-30-s() {
    local pids
    begin_slowly
    mapfile -t pids < <(pids_of_postgres)
    speed_up
    stop_for 30 PostgreSQL "${pids[@]}"
    repair
}

cell postgres-locked-30-s 23 "the migrations' table is locked for 30 s; the migration ends meanwhile" end=completed
postgres-locked-30-s() { begin_slowly; lock_table migration 30; speed_up; pause_for 30; await 15 "the lock is gone" table_is_free migration; repair; }

cell database-restored-from-a-backup 24 "the database is restored to a backup from before the end: Drover takes the world as it is" place=destination again=yes
database-restored-from-a-backup() {
    begin_slowly
    "$(postgres_programs)/pg_dump" "$DROVER_POSTGRES_URL" --format=custom --file="$lab/chaos/backup"
    did "a backup is taken"
    speed_up
    await 60 "it has ended" all_ended
    signal KILL "all of Drover" "$(pid_of_role coordinator)" "$(pid_of_role api)" "$(agent host-a)" "$(agent host-b)" "$(agent host-c)"
    psql "${DROVER_POSTGRES_URL%/drover}/postgres" -qc 'drop database drover with (force)' -c 'create database drover'
    "$(postgres_programs)/pg_restore" --dbname="$DROVER_POSTGRES_URL" "$lab/chaos/backup"
    did "the backup is restored"
    repair
}

# --- other hands (row 26) -----------------------------------------------------------------------------------------------------------------------------------------

cell aborted-by-hand 26 "somebody aborts libvirt's job" end=failed place=source
aborted-by-hand() { begin_slowly; virsh_on "$source" domjobabort "$guest"; did "virsh domjobabort"; on_with_it; }

cell destroyed-by-hand 26 "somebody destroys the guest while it moves" end=failed place=off
destroyed-by-hand() { begin_slowly; virsh_on "$source" destroy "$guest"; did "virsh destroy"; on_with_it; }

cell paused-by-hand 26 "somebody pauses the guest while it moves, and resumes it where it arrives" pause=60000 silence=60000 end=completed
paused-by-hand() {
    begin_slowly
    virsh_on "$source" suspend "$guest"
    did "virsh suspend"
    speed_up
    await 40 "it has ended" all_ended
    virsh_on "$destination" resume "$guest"
    did "virsh resume"
    repair
}

cell moved-by-hand 26 "somebody moves the guest to a third host while Drover prepares" end=failed place=third
moved-by-hand() {
    signal STOP "both agents" "$(agent "$source")" "$(agent "$destination")"
    ask
    await 20 "its slots are held" held 2
    virsh_on "$source" migrate --live --p2p --persistent --undefinesource "$guest" "qemu+tcp://$(host_address "$third")/system"
    did "virsh migrate to $third"
    repair
}

# --- guests (row 28) ----------------------------------------------------------------------------------------------------------------------------------------------

cell guest-shuts-down 28 "the guest shuts itself down while it moves" end=failed place=off guests=ends-by-poweroff
guest-shuts-down() { begin_before_it_ends; }

cell guest-reboots 28 "the guest reboots while it moves" end=completed boots=1 guests=ends-by-reboot
guest-reboots() { begin_before_it_ends; }

cell guest-panics 28 "the guest's kernel panics while it moves, and reboots" end=completed boots=1 guests=ends-by-panic
guest-panics() { begin_before_it_ends; }

# Such a guest ends some time after its boot: it is booted anew, and told to go when it ticks.
begin_before_it_ends() {
    slow 30mbit
    ask
    moving
    await 60 "the guest ends" it_has_ended
    did "the guest has ended itself"
    forget_guest=yes
    on_with_it
}
it_has_ended() { grep -q '^end' "$lab/serial/$guest"; }

# --- the destination (row 29) -------------------------------------------------------------------------------------------------------------------------------------

cell name-taken-at-the-destination 29 "another guest of that name is defined at the destination" end=failed place=source
name-taken-at-the-destination() {
    virsh_on "$source" dumpxml --inactive "$guest" | sed '/<uuid>/d' | virsh_on "$destination" define /dev/stdin >/dev/null
    did "the name is taken"
    migration=$(new_id)
    ids+=("$migration")
    publish migrate-guest "{\"migrationId\": \"$migration\", \"guest\": \"$(virsh_on "$source" domuuid "$guest")\", \"destination\": \"$destination\"}"
    await 30 "it has ended" all_ended
    virsh_on "$destination" undefine "$guest"
    repair
}

cell port-taken-at-the-destination 29 "all migration ports of the destination are taken, but for the last" end=completed
port-taken-at-the-destination() {
    local port ports=() taker
    for ((port = 49152; port < 49215; port++)); do ports+=(-chardev "socket,id=p$port,host=0.0.0.0,port=$port,server=on,wait=off"); done
    launch=exec in_host "$destination" qemu-system-x86_64 -M none -nodefaults -display none -S "${ports[@]}" </dev/null >/dev/null 2>&1 8>&- 9>&- & taker=$!
    until_true 10 in_host "$destination" bash -c "ss -Hltn 'sport = :49214' | grep -q ."
    did "63 ports are taken"
    ask
    until_true 40 all_ended
    kill -9 "$taker"
    repair
}

# --- double faults (row 31) ---------------------------------------------------------------------------------------------------------------------------------------

cell coordinator-and-source-libvirtd-killed 31 "kill -9 the coordinator, and within a second the source's libvirtd, while memory moves" end=failed place=source
coordinator-and-source-libvirtd-killed() { begin_slowly; end_role coordinator; pause_for "0.$((RANDOM % 10))"; end_libvirtd "$source"; on_with_it; }

cell coordinator-and-source-libvirtd-killed-at-the-end 31 "kill -9 the coordinator, and within a second the source's libvirtd in confirm3" end=completed place=destination
coordinator-and-source-libvirtd-killed-at-the-end() {
    slow 200mbit
    ask
    await 40 "memory moves" in_phase "$source" perform3
    end_role coordinator
    caught_in "$source" --phase confirm3 "$(pid_of_libvirtd "$source")" && end_libvirtd "$source"
    on_with_it
}

# --- deploy ---------------------------------------------------------------------------------------------------------------------------------------------------------

cell deploy - "six migrations run; coordinator, API and all agents are stopped with SIGTERM and started, one after another" end=completed guests=six-1,six-2,six-3,six-4,six-5,six-6 place=destination patience=150 pause=3000
deploy() {
    local name role
    for name in host-a host-b host-c; do "$infra/shape" "$name" 5mbit; done
    for name in $guests; do ask "$name" "$(next_host "$name")"; done
    await 60 "all six move" all_moving 6
    for role in coordinator api agent-host-a agent-host-b agent-host-c; do
        timed_stop "$role"
        apart "$infra/role" start "$role"
    done
    all_moving 6 || complain "some have ended before the deploy was over: the links are too fast"
    repair
    speed_up
}

cell upgrade 32 "six migrations run under the previous version (tests/previous); coordinator, API and all agents are replaced by today's, one after another" end=completed guests=six-1,six-2,six-3,six-4,six-5,six-6 place=destination patience=150 pause=3000
upgrade() {
    local name role previous=$lab/chaos/previous/drover
    [[ -x $previous ]] || "$tests/previous/unpack" "$lab/chaos/previous" >/dev/null || { complain "there is no previous version"; return; }
    for role in coordinator api agent-host-a agent-host-b agent-host-c; do
        timed_stop "$role"
        DROVER_BINARY=$previous apart "$infra/role" start "$role"
    done
    for name in host-a host-b host-c; do "$infra/shape" "$name" 5mbit; done
    for name in $guests; do ask "$name" "$(next_host "$name")"; done
    await 60 "all six move" all_moving 6
    for role in coordinator api agent-host-a agent-host-b agent-host-c; do
        DROVER_BINARY=$previous timed_stop "$role"
        apart "$infra/role" start "$role"
    done
    all_moving 6 || complain "some have ended before the upgrade was over: the links are too fast"
    repair
    speed_up
}
