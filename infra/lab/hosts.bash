# Sourced by up and down: the network, and hosts in it. A host is a network namespace, a mount and a host name namespace
# (kept by files under the lab's folder, so that no process need live to hold them), and its own libvirtd.
# shellcheck shell=bash disable=SC2154  # set by lab.bash and the env file

default_rate=400mbit

namespace_up() {
    if nsenter --net="/run/netns/$1" true 2>/dev/null; then return; fi
    ip netns del "$1" 2>/dev/null || true  # what a crash in the middle left
    ip netns add "$1"
    ip -n "$1" link set lo up
}

has_link() { ip -n "$1" link show "$2" >/dev/null 2>&1; }

# The bridge has a namespace of its own: this machine's firewall and forwarding rules have no say in it.
switch_up() {
    namespace_up "$switch"
    has_link "$switch" bridge || ip -n "$switch" link add bridge type bridge
    ip -n "$switch" link set bridge up
    if ! has_link "$switch" uplink; then
        ip link del "$uplink" 2>/dev/null || true
        ip link add "$uplink" type veth peer name uplink netns "$switch"
    fi
    ip -n "$switch" link set uplink master bridge up
    ip addr replace "$subnet.1/24" dev "$uplink"
    ip link set "$uplink" up
}

shape() {
    local host=$1 rate=$2 namespace
    namespace=$(host_namespace "$host")
    if [[ $rate == none ]]; then
        tc -n "$namespace" qdisc del dev eth0 root 2>/dev/null || true
        tc -n "$switch" qdisc del dev "$host" root 2>/dev/null || true
        return
    fi
    # The burst holds one full segment (64 KiB): a smaller one would cut each up.
    tc -n "$namespace" qdisc replace dev eth0 root tbf rate "$rate" burst 128kb latency 20ms
    tc -n "$switch" qdisc replace dev "$host" root tbf rate "$rate" burst 128kb latency 20ms
}

link_up() {
    local host=$1 namespace
    namespace=$(host_namespace "$host")
    namespace_up "$namespace"
    if ! has_link "$namespace" eth0; then
        ip link add eth0 netns "$namespace" type veth peer name "$host" netns "$switch"
        shape "$host" "$default_rate"
    fi
    ip -n "$switch" link set "$host" master bridge up
    ip -n "$namespace" addr replace "$(host_address "$host")/24" dev eth0
    ip -n "$namespace" link set eth0 up
}

# Runs once inside a host's new mount and name namespaces.
furnish() {
    local host=$1 place
    hostname "$host"
    mount -t sysfs sysfs /sys  # shows this host's own links
    mount --bind "$lab/hosts-file" /etc/hosts
    for place in "${private_places[@]}"; do mount --bind "$lab/$host$place" "$place"; done
    # Nothing asks for a password here, but on a terminal each virsh starts this one, that complains of polkit's absence.
    if [[ -e /usr/bin/pkttyagent ]]; then mount --bind /dev/null /usr/bin/pkttyagent; fi
}

private_places=(/etc/libvirt /run/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt)

rooms_up() {
    local host=$1 place
    if in_host "$host" true 2>/dev/null; then return; fi
    end_processes KILL ip netns pids "$(host_namespace "$host")"
    umount "$lab/ns/$host.mnt" "$lab/ns/$host.uts" 2>/dev/null || true
    rm -rf "${lab:?}/$host/run"
    for place in "${private_places[@]}"; do mkdir -p "$place" "$lab/$host$place"; done
    touch "$lab/ns/$host.mnt" "$lab/ns/$host.uts"
    nsenter --net="/run/netns/$(host_namespace "$host")" \
        unshare --mount="$lab/ns/$host.mnt" --uts="$lab/ns/$host.uts" --propagation private \
        "$here/up" --furnish "$lab" "$host" {lab_lock}<&-
}

configure_libvirtd() {
    local host=$1 digest
    digest=$(sha256sum <<<"$lab $host")
    cat >"$lab/$host/etc/libvirt/libvirtd.conf" <<END
listen_tls = 0
listen_tcp = 1
listen_addr = "$(host_address "$host")"
auth_tcp = "none"
auth_unix_ro = "none"
auth_unix_rw = "none"
host_uuid = "${digest:0:8}-${digest:8:4}-4${digest:12:3}-8${digest:15:3}-${digest:18:12}"
END
    cat >"$lab/$host/etc/libvirt/qemu.conf" <<END
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
cgroup_controllers = []
namespaces = []
migration_host = "$(host_address "$host")"
migration_address = "$(host_address "$host")"
stdio_handler = "file"
END
}

libvirtd_answers() { in_host "$1" virsh --quiet --connect qemu:///system uri >/dev/null 2>&1; }

libvirtd_runs() {
    local pid
    for pid in $(ip netns pids "$(host_namespace "$1")"); do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) != libvirtd ]] || return 0
    done
    return 1
}

libvirtd_up() {
    local host=$1
    if ! libvirtd_runs "$host"; then
        configure_libvirtd "$host"
        spawn "$lab/log/libvirtd-$host" in_host "$host" env -i -C / PATH="$PATH" LANG=C.UTF-8 HOME=/root \
            DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent \
            libvirtd --listen --config /etc/libvirt/libvirtd.conf --pid-file "$lab/$host/libvirtd.pid"
    fi
    until_true 60 libvirtd_answers "$host" ||
        { say "libvirtd of $host does not answer: see $lab/log/libvirtd-$host" >&2; return 1; }
}

host_up() {
    rooms_up "$1"
    libvirtd_up "$1"
}

lab_namespaces() { ip netns list | sed -n "s/^\(drover-$id-[^ ]*\).*/\1/p"; }

pids_in_hosts() {
    local namespace
    for namespace in $(lab_namespaces); do ip netns pids "$namespace"; done
}

hosts_down() {
    local item
    end_processes TERM pids_in_hosts
    for item in $(lab_namespaces); do ip netns del "$item"; done
    ip link del "$uplink" 2>/dev/null || true
    for item in "$lab"/ns/*.mnt "$lab"/ns/*.uts "$lab/ns"; do umount "$item" 2>/dev/null || true; done
}
