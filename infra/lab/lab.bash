# Sourced by the lab's scripts: which lab, its names and addresses, and how to enter a host.
# A lab is a folder: --dir, or $DROVER_LAB, or /var/tmp/drover-lab. Everything else follows from that folder's path, so
# that labs in different folders share no name, no port and no address.
# shellcheck shell=bash disable=SC2034  # used by those who source it

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${DROVER_CACHE:-/var/cache/drover-lab}

refuse() { echo "$(basename "$0"): $*" >&2; exit 2; }
say() { echo "lab: $*"; }

# choose_lab DIR: sets lab, and all names that follow from it.
choose_lab() {
    ((EUID == 0)) || refuse "must run as root: hosts are namespaces"
    lab=$(realpath -m -- "${1:-${DROVER_LAB:-/var/tmp/drover-lab}}")
    [[ $lab =~ ^/[A-Za-z0-9._/-]+$ ]] || refuse "the lab's folder may hold only letters, digits and ._-/, not '$lab'"
    id=$(sha256sum <<<"$lab" | cut -c 1-6)
    env_file=$lab/env
    switch=drover-$id-switch   # the namespace that holds the bridge
    uplink=drover$id           # this machine's own leg into it
}

# The lab as `up` left it: sets host_names, subnet, ports and the variables of the env file.
need_lab() {
    choose_lab "${1-}"
    [[ -s $env_file ]] || refuse "no lab is up in $lab. Run infra/lab/up first."
    # shellcheck source=/dev/null
    source "$env_file"
    read -ra host_names <<<"$DROVER_HOSTS"
}

need_host() {
    local known
    for known in "${host_names[@]}"; do [[ $known == "$1" ]] && return; done
    refuse "unknown host '$1'. The lab has: ${host_names[*]}"
}

need_number() { [[ $2 =~ ^[0-9]{1,9}$ ]] || refuse "$1 takes a whole number, not '$2'"; }

host_namespace() { echo "drover-$id-$1"; }

# host-a is .11, host-b .12 and so on; this machine is .1.
# shellcheck disable=SC2154  # from the env file
host_address() { echo "$subnet.$((10 + $(printf '%d' "'${1#host-}") - 96))"; }

# launch is what precedes the command in in_host and as: nothing, or exec, or exec setsid.
launch=

# in_host HOST COMMAND...: inside the host's network, mounts and name, in the same working folder.
in_host() {
    local host=$1
    shift
    $launch nsenter --net="/run/netns/$(host_namespace "$host")" --mount="$lab/ns/$host.mnt" --uts="$lab/ns/$host.uts" \
        -- env -C "$PWD" "$@"
}

# One at a time per lab. `down` removes the folder that is the lock, so look whether it is still the same one.
lock_lab() {
    while :; do
        mkdir -p "$lab"
        exec {lab_lock}<"$lab"
        flock "$lab_lock"
        if [[ $lab -ef /proc/self/fd/$lab_lock ]]; then return; fi
        exec {lab_lock}<&-
    done
}

# spawn LOG as|in_host ...: a process that outlives us, in its own session, without our lock.
spawn() {
    local log=$1
    shift
    launch="exec setsid" "$@" {lab_lock}<&- </dev/null >>"$log" 2>&1 &
}

# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

port_answers() { (exec {probe}<>"/dev/tcp/$1/$2") 2>/dev/null; }

# The pids of a private service: its user's processes whose working folder lies in the service's own folder.
# Read from /proc each time, so that a stale pid file can never point at somebody else's process.
service_pids() {
    local user=$1 folder=$2 pid
    for pid in $(pgrep -u "$user"); do
        case $(readlink "/proc/$pid/cwd") in "$folder" | "$folder"[/\ ]*) echo "$pid" ;; esac
    done
}

# end_processes SIGNAL COMMAND...: signals the pids that the command prints until it prints none; after 10 s with KILL.
end_processes() {
    local signal=$1 end=$((SECONDS + 10)) pids
    shift
    while pids=$("$@" 2>/dev/null) && [[ -n $pids ]]; do
        # shellcheck disable=SC2086  # a list
        kill -s "$signal" $pids 2>/dev/null || true
        ((SECONDS < end)) || signal=KILL
        ((SECONDS < end + 10)) || { say "some processes do not end: $pids" >&2; return 1; }
        sleep 0.1
    done
}

# await_ticks LOG FIRST_BYTE COUNT SECONDS: until the guest has ticked so often from that byte of its console on.
await_ticks() {
    grep -q -m 1 . < <(timeout "$4" tail --pid=$$ -c "+$2" -F "$1" 2>/dev/null | grep --line-buffered '^tick ' 2>/dev/null |
        awk -v count="$3" 'NR == count { print; exit }')
}
