# The lines that infra/lab/record gathered about one transfer, as one JSON object. Times: ms since the job's start by libvirt's clock.
def pairs: [range(0; length - 1; 2) as $i | {key: .[$i], value: (.[$i + 1] | tonumber)}] | from_entries;
# At most n of them, evenly, and always those where the pass or the throttle changes.
def thinned(n): . as $all | (length / n | ceil) as $step
    | [range(0; length) as $i | select($i % $step == 0 or $i == length - 1 or $all[$i][1] != $all[$i - 1][1] or $all[$i][5] != $all[$i - 1][5]) | $all[$i]];

[inputs | split(" ")] as $lines
| [$lines[] | select(.[0] == "reading") | {at: (.[1] | tonumber)} + (.[2:] | pairs)] as $readings
| [$lines[] | select(.[0] == "event") | {at: (.[1] | tonumber), host: .[2], event: .[3] | ltrimstr("'") | rtrimstr("'"), detail: .[4:] | join(" ")}] as $events
| ([$lines[] | select(.[0] == "total") | {key: .[1], value: (.[2] | tonumber)}] | from_entries) as $totals
# A reading is stamped before it is made, so its stamp less its age is never after the job's start.
| ([$readings[] | select(.type == 2 and .time_elapsed) | .at - .time_elapsed] | max) as $start
| [$events[] | select(.event == "migration-iteration" and .host == "host-a") | {pass: (.detail | capture("'(?<n>[0-9]+)'") | .n | tonumber), at}] as $began
| ($began[0].at // $start) as $first
| ([$events[] | select(.host == "host-a" and .event == "lifecycle" and (.detail | startswith("Suspended")))] | last | .at) as $stopped
| ([$events[] | select(.host == "host-b" and .event == "lifecycle" and (.detail | startswith("Resumed")))] | first | .at) as $resumed
| [$readings[] | select((.memory_iteration // 0) > 0)] as $moving
| {
    guest: {
        memoryBytes: ($memory | tonumber * 1048576), hotBytes: ($hot | tonumber * 1048576), dirtyBytesPerSecond: ($rate | tonumber * 1048576), wordsPerPage: ($words | tonumber), coldBytes: ($cold | tonumber * 1048576),
        # All memory that QEMU sends, and of it what it did not find to be zero.
        totalBytes: ($moving | last | .memory_total), nonZeroBytes: ($moving | last | .memory_total - 4096 * .memory_constant)
    },
    downtimeLimitMs: (if $limit == "" then 300 else ($limit | tonumber) end),
    downtimeLimitSetBy: (if $limit == "" then "QEMU's default" else "virsh migrate-setmaxdowntime, before the start" end),
    bandwidthCapBytesPerSecond: (if $cap == "" then null else ($cap | tonumber * 1048576) end),
    migrate: $command,
    actions: [$lines[] | select(.[0] == "action") | {afterPass1Ms: ((.[1] | tonumber) - $first), command: "virsh \(.[2:] | join(" "))"}],
    exitCode: $rc,
    calledMs: ($called - $start), pass1Ms: ($first - $start),
    stream: {ms: (if $resumed then $resumed - $first else null end)},
    suspendedMs: (if $stopped then $stopped - $start else null end), resumedMs: (if $resumed then $resumed - $start else null end), returnedMs: ($returned - $start),
    passes: [$began[] | . as $pass | ([$readings[] | select(.memory_iteration == $pass.pass)] | first) as $seen | {pass, ms: (.at - $start), firstSeenMs: $seen.time_elapsed, remaining: $seen.memory_remaining}],
    sampleColumns: ["ms", "pass", "remainingBytes", "processedBytes", "dirtyPagesPerSecond", "throttlePercent", "bytesPerSecond", "normalPages", "zeroPages", "expectedDowntimeMs"],
    samples: ([$moving[] | [.time_elapsed, .memory_iteration, .memory_remaining, .memory_processed, .memory_dirty_rate, (.auto_converge_throttle // 0), (.memory_bps // 0), .memory_normal, .memory_constant, (.downtime // 0)]] | thinned(160)),
    events: [$events[] | select(.event != "migration-iteration") | "\(.at - $start) \(.host) \(.event) \(.detail)"],
    totals: $totals,
    ticks: ([$lines[] | select(.[0] == "tick") | {key: .[1], value: (.[2] | tonumber? // .)}] | from_entries)
}
