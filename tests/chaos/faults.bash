# Sourced by run: what can be done to a lab, and undone. Every fault says what it was, and in which phase libvirt was (its own status files).
# shellcheck shell=bash disable=SC2034,SC2154  # set by lab.bash, the env file and run

now_ms() { echo "$((${EPOCHREALTIME/./} / 1000))"; }
pause_for() { read -r -t "$1" < <(exec tail -f /dev/null) || true; }  # sleep without a program's start
virsh_on() { in_host "$1" virsh --quiet --connect qemu:///system "${@:2}"; }

status_file() { echo "$lab/$1/run/libvirt/qemu/${2:-$guest}.xml"; }

# phase HOST: what libvirtd has last written of the guest there, such as "host-a: migration out perform3 running"
phase() {
    local text
    text=$(sed -nE "s/^<domstatus state='([^']*)'.*/\1/p; s/^ *<job type='[^']*' async='([^']*)'( phase='([^']*)')?.*/\1 \3/p; /<qemuCaps>/,/<\/qemuCaps>/d" "$(status_file "$1")" 2>/dev/null | tac | paste -sd ' ')
    echo "$1: ${text:-nothing}"
}

# apart COMMAND...: what starts a process that stays must not hand it our lines to the observer (8) and the listener (9), that end when we close them.
# In a shell of its own, that nobody waits for: its end, when we kill it, is no news.
apart() { ("$@" 8>&- 9>&-); }

# did WORDS: into the report and the time line.
did() {
    local words
    words="$* [$(phase "$source"); $(phase "$destination")]"
    echo "   $words"
    echo "$words" >&8
}

pid_of_libvirtd() {
    local pid
    pid=$(cat "$lab/$1/libvirtd.pid" 2>/dev/null) && [[ $(cat "/proc/$pid/comm" 2>/dev/null) == libvirtd ]] && echo "$pid"
}
pid_of_role() { cat "$lab/roles/$1.pid" 2>/dev/null; }
pid_of_qemu() { sed -nE "s/^<domstatus .* pid='([0-9]+)'.*/\1/p" "$(status_file "$1")"; }
pids_of_rabbitmq() { service_pids rabbitmq "$lab/rabbitmq"; }
pids_of_postgres() { service_pids postgres "$lab/postgres"; }
pids_of_host() { ip netns pids "$(host_namespace "$1")"; }

# signal SIGNAL WORDS PID...
signal() {
    local signal=$1 words=$2
    shift 2
    (($#)) || { complain "there is no process of $words to send $signal"; return 1; }
    did "kill -$signal $words"
    kill -s "$signal" "$@" 2>/dev/null
    case $signal in STOP) stopped+=("$@") ;; esac
}
end_role() { signal KILL "$1" "$(pid_of_role "$1")"; }
end_libvirtd() { signal KILL "libvirtd of $1" "$(pid_of_libvirtd "$1")"; }
end_qemu() { signal KILL "QEMU of $guest on $1" "$(pid_of_qemu "$1")"; }

# stop_for SECONDS WORDS PID...: SIGSTOP, and go on so much later.
stop_for() {
    local seconds=$1
    shift
    signal STOP "$@" || return
    pause_for "$seconds"
    go_on
}
go_on() { if ((${#stopped[@]})); then kill -s CONT "${stopped[@]}" 2>/dev/null; stopped=(); fi; true; }

# caught_in HOST --phase P... PID...: SIGSTOPs the processes in that moment of the guest's migration on that host.
caught_in() {
    local host=$1 said
    shift
    said=$(nice -n -10 "$observer" catch "$(status_file "$host")" "$@" 2>&1) || { complain "the moment never came: $said"; return 1; }
    local word
    for word in "$@"; do if [[ $word =~ ^[0-9]{2,}$ ]]; then stopped+=("$word"); fi; done
    did "caught $host in: $said"
}

# Packets are dropped where they arrive (or leave towards this machine, which takes no rules): nobody is told.
firewall() { ip netns exec "$(host_namespace "$1")" iptables -w "${@:2}"; }
lose_from() { firewall "$1" -A INPUT -s "$(host_address "$2")" "${@:3}" -j DROP; }   # lose_from HOST PEER: what PEER sends to HOST
cut_link() { did "the link between $1 and $2 is cut"; lose_from "$1" "$2"; lose_from "$2" "$1"; }
cut_one_way() { did "what $1 sends to $2 is lost"; lose_from "$2" "$1"; }
cut_control() {
    local host
    did "the link between $* and broker is cut"
    for host in "$@"; do firewall "$host" -A INPUT -s "$subnet.1" -j DROP; firewall "$host" -A OUTPUT -d "$subnet.1" -j DROP; done
}
cut_control_out() { did "what $1 sends to the broker is lost"; firewall "$1" -A OUTPUT -d "$subnet.1" -j DROP; }
mend_links() { local host; for host in "${host_names[@]}"; do firewall "$host" -F; done; }

slow() { local host; for host in "$source" "$destination"; do "$infra/shape" "$host" "${1:-40mbit}"; done; }
speed_up() { local host; for host in "${host_names[@]}"; do "$infra/shape" "$host" 400mbit; done; }

power_off() {
    local pids
    mapfile -t pids < <(pids_of_host "$1")
    signal KILL "everything on $1: its power is off" "${pids[@]}"
    rm -rf "${lab:?}/$1/run/libvirt/"*  # what /run held is gone with the power
}

rabbitmq_away() { local pids; mapfile -t pids < <(pids_of_rabbitmq); signal KILL "RabbitMQ" "${pids[@]}"; }
postgres_away() { local pids; mapfile -t pids < <(pids_of_postgres); signal KILL "PostgreSQL" "${pids[@]}"; }

# Commits become durable, and nobody is told so: they wait for a standby that does not exist.
commits_hang() { administer "alter system set synchronous_standby_names = 'nobody'" && administer "select pg_reload_conf()" >/dev/null; did "commits are durable, but do not return"; }
commits_return() { administer "alter system reset synchronous_standby_names" && administer "select pg_reload_conf()" >/dev/null; }
a_commit_hangs() { [[ $(sql "select count(*) from pg_stat_activity where wait_event = 'SyncRep'") -gt 0 ]]; }
administer() { psql "$DROVER_POSTGRES_URL" -qAtc "set synchronous_commit = local" -c "$1"; }

# Everything that a fault may have left, put right: twice is harmless. The time to clean counts from here.
repair() {
    local host
    go_on
    mend_links
    for host in "${host_names[@]}"; do apart host_up "$host" || return 1; done
    apart rabbitmq_up || return 1
    apart postgres_up || return 1
    apart "$infra/role" start coordinator api agent-host-a agent-host-b agent-host-c || return 1
    repaired=$(now_ms)
    if [[ $observing ]]; then did "everything runs again"; fi
}

# lock_table TABLE SECONDS: nobody reads or writes it.
lock_table() {
    psql "$DROVER_POSTGRES_URL" -qAtc 'begin' -c "lock table $1 in access exclusive mode" -c "select pg_sleep($2)" -c 'commit' >/dev/null 2>&1 8>&- 9>&- &
    until_true 5 table_is_locked "$1"
    did "the table $1 is locked for $2 s"
}
table_is_locked() { [[ $(sql "select count(*) from pg_locks where relation = '$1'::regclass and mode = 'AccessExclusiveLock' and granted") == 1 ]]; }
table_is_free() { ! table_is_locked "$1"; }
somebody_waits_for_a_lock() { [[ $(sql "select count(*) from pg_stat_activity where wait_event_type = 'Lock'") -gt 0 ]]; }

# Hundredths of a second of CPU that Drover's processes have taken.
cpu_of_drover() { local role; for role in coordinator api agent-host-a agent-host-b agent-host-c; do sed 's/.*) //' "/proc/$(pid_of_role "$role")/stat"; done | awk '{ sum += $12 + $13 } END { print sum }'; }

# timed_stop ROLE: it must end within 5 s of SIGTERM.
timed_stop() {
    local began
    began=$(now_ms)
    "$infra/role" stop "$1"
    did "$1 was stopped: $(($(now_ms) - began)) ms"
    (($(now_ms) - began < 5500)) || complain "$1 took $(($(now_ms) - began)) ms to end"
}

# A second coordinator beside the role's; prints its pid.
second_coordinator() {
    (
        export DROVER_Store__ConnectionString=$DROVER_POSTGRES DROVER_Bus__Url=$DROVER_AMQP_URL MASSTRANSIT_USAGE_TELEMETRY=false
        exec setsid "$binary" coordinator </dev/null >"$lab/roles/coordinator-2.log" 2>&1 8>&- 9>&-
    ) &
    until_true 20 grep -q ' started$' "$lab/roles/coordinator-2.log"
    echo $!
}

# What libvirt leaves to "a third party" (no job any more, the source's copy paused in mid-move): an operator looks where the guest runs. Nowhere else: it is resumed
# on the source. At the destination: the source's copy is thrown away. Drover must have kept its hands off, and find out what came of it.
settle_by_hand() {
    until_true 20 no_job_is_left || return
    grep -qs "^<domstatus state='paused'" "$(status_file "$source")" || return
    pause_for 2
    if [[ ! -e $(status_file "$destination") ]]; then
        did "the guest is left paused on $source: an operator resumes it"
        virsh_on "$source" resume "$guest" >/dev/null
    elif grep -qs "^<domstatus state='running'" "$(status_file "$destination")"; then
        did "the guest runs on $destination, and is left paused on $source: an operator throws that copy away"
        virsh_on "$source" destroy "$guest" >/dev/null
        virsh_on "$source" undefine "$guest" >/dev/null
    fi
    repaired=$(now_ms)
}
no_job_is_left() { ! grep -qs "async='migration" "$(status_file "$source")" "$(status_file "$destination")"; }

other_host() { if [[ $1 == host-a ]]; then echo host-b; else echo host-a; fi; }
next_host() { case $(defined_on "$1") in host-a) echo host-b ;; host-b) echo host-c ;; *) echo host-a ;; esac; }
all_moving() { (($(grep -l "async='migration out' phase='perform3'" "$lab"/host-*/run/libvirt/qemu/*.xml 2>/dev/null | wc -l) >= $1)); }
