# Sourced by run: one cell from a fresh situation to its judgement, and the table of all.
# shellcheck shell=bash disable=SC2034,SC2154  # set by lab.bash, the env file and run

# cell NAME ROW WORDS [OPTION=VALUE...]: a cell of the matrix; the function NAME is what it does. ROW is NUMBERS' row of fault injection.
#   end=PATTERN      how its migrations may end: completed, cancelled, failed or several with |   (any)
#   place=WHERE      where the guest must run at the end: source, destination, third, off, lost (it may be gone), or evidence: as its end says   (evidence)
#   pause=MS silence=MS boots=N     what the guest may suffer   (1500, 5000, 0; see Drover.Observer)
#   two=yes          two moving copies are libvirt's own window: they must be seen, and Drover must say so
#   again=yes        its end may be told again: the database has forgotten it
#   guests=NAMES     that must run before it begins   (web)
#   patience=S       how long it may take from the repair until all is clean   (60)
names=()
declare -A rows words_of options_of
cell() { names+=("$1"); rows[$1]=$2; words_of[$1]=$3; options_of[$1]="${*:4}"; }
list_cells() { local name; for name in "${names[@]}"; do printf '%-45s %-6s %s\n' "$name" "${rows[$name]}" "${words_of[$name]}"; done; }
choose_cells() {
    local pattern patterns name
    IFS=, read -ra patterns <<<"$1"
    for name in "${names[@]}"; do
        # shellcheck disable=SC2053  # a pattern
        for pattern in "${patterns[@]}"; do if [[ $name == $pattern ]]; then echo "$name"; break; fi; done
    done
}

complain() { complaints+=("$*"); }

spec_of() {
    case $1 in
        busy) echo --memory 128 --hot 24 --rate 60 ;;
        ends-by-*) echo --memory 128 --cold 56 --end "${1#ends-by-}" ;;
        six-*) echo --memory 80 --cold 8 ;;
        *) echo --memory 128 --cold 56 ;;
    esac
}
home_of() { case $1 in six-3 | six-4) echo host-b ;; six-5 | six-6) echo host-c ;; *) echo host-a ;; esac; }

# The situation that a cell begins in: all of Drover and of the lab runs, links are fast, no migration is under way, and exactly these guests run and tick.
heal() {
    local name job jobs=()
    repaired=''
    speed_up
    repair || return 1
    if [[ -n $(sql "select 1 from migration where current_state not in ('Completed', 'Cancelled', 'Failed')") || $(slots) != 0 ]]; then begin_anew || return 1; fi
    for name in $("$infra/guest" list | awk '{ print $1 }' | sort -u); do
        if [[ " $guests " != *" $name "* ]]; then "$infra/guest" remove "$name"; fi
    done
    for name in $guests; do
        if ! is_well "$name"; then
            "$infra/guest" remove "$name" 2>/dev/null
            # shellcheck disable=SC2046  # a list
            "$infra/guest" create "$name" --host "$(home_of "$name")" $(spec_of "$name") & jobs+=($!)
        fi
    done
    for job in "${jobs[@]}"; do wait "$job" || return 1; done
    for name in $guests; do
        until_true 75 is_recorded_on "$name" "$(defined_on "$name")" || { echo "   Drover does not know where $name is" >&2; return 1; }
    done
}
is_well() {
    local host
    host=$(defined_on "$1")
    [[ $host ]] && runs_alone_on "$1" "$host" && await_ticks "$lab/serial/$1" $(($(stat -c %s "$lab/serial/$1") + 1)) 3 10 && ! grep -q ' mem BAD ' "$lab/serial/$1"
}

# After a cell that was never clean: the next one must not inherit its rows and messages.
begin_anew() {
    local pids
    echo "   (rows and messages of the cell before are thrown away)"
    "$infra/role" kill all
    mapfile -t pids < <(pids_of_rabbitmq)
    kill -9 "${pids[@]}" 2>/dev/null
    rm -rf "$lab/rabbitmq/mnesia"
    psql "${DROVER_POSTGRES_URL%/drover}/postgres" -qc 'drop database drover with (force)' -c 'create database drover' || return 1
    DROVER_Store__ConnectionString=$DROVER_POSTGRES "$binary" schema apply >/dev/null || return 1
    repair
}

place_of() {   # place_of WHERE: a host, off or lost
    case $1 in
        source) echo "$source" ;;
        destination) echo "$destination" ;;
        third) echo "$third" ;;
        evidence) if [[ $(ends_of "${ids[0]-}") == migration.completed ]]; then echo "$destination"; else echo "$source"; fi ;;
        *) echo "$1" ;;
    esac
}

# Where each guest must be now, as "guest=place".
places() {
    local name where
    where=$(place_of "$place")
    for name in $guests; do echo "$name=${goes_to[$name]:-$where}"; done
}
is_clean() {
    all_ended || return 1
    local pair
    for pair in $(places); do
        case ${pair#*=} in
            lost | off) is_off "${pair%=*}" || return 1 ;;
            *) runs_alone_on "${pair%=*}" "${pair#*=}" || return 1 ;;
        esac
    done
}

run_cell() {
    local name=$1 seed=$2 option host clean='-' violation said migration=""
    local end='completed|cancelled|failed' sees='' forget_guest='' place=evidence pause=1500 silence=5000 boots=0 two='' again='' guests=web patience=60
    local source destination third guest observing='' repaired='' complaints=() ids=() stopped=()
    local -A goes_to=()   # where each of several guests was sent
    for option in ${options_of[$name]}; do local "${option?}"; done
    guests=${guests//,/ }
    guest=${guests%% *}
    echo "== $name (row ${rows[$name]}, seed $seed): ${words_of[$name]}"
    heal || { echo "   no fresh situation: not run"; keep_evidence "$name-$seed"; return 1; }
    source=$(defined_on "$guest")
    for host in host-a host-b host-c; do if [[ $host != "$source" ]]; then destination=${destination:-$host} third=$host; fi; done
    repaired=''

    local line=$results/$name-$seed.jsonl
    exec 8> >("$observer" observe "$lab" "$line" 2>"$line.errors")
    observing=$!
    until_true 10 test -s "$line"
    "$name"
    [[ $repaired ]] || repaired=$(now_ms)
    if until_true "$patience" is_clean; then
        clean=$(($(now_ms) - repaired))
    else
        complain "not clean $patience s after the repair: $(for migration in "${ids[@]}"; do echo "$(state_of "$migration") ($(reason_of "$migration"))"; done | paste -sd ' '); $(slots) slots; $(phase "$source"); $(phase "$destination")"
    fi
    local pair
    for pair in $(places); do
        case ${pair#*=} in
            lost | off) ;;
            *) until_true 15 is_recorded_on "${pair%=*}" "${pair#*=}" || complain "${pair%=*} is on ${pair#*=}, Drover's inventory says '$(sql "select string_agg(host, ' ') from guest where name = '${pair%=*}'")'" ;;
        esac
    done
    for migration in "${ids[@]}"; do check_books "$migration" "$end" "$again"; done
    case $(places) in *=lost | *=off) ;; *) await_ticks "$lab/serial/$guest" $(($(stat -c %s "$lab/serial/$guest") + 1)) 25 10 || complain "$guest does not tick any more" ;; esac
    exec 8>&-
    wait "$observing"
    observing=''
    said=$("$observer" judge "$line" $(places | sed 's/^/--guest /') --pause "$pause" --silence "$silence" --boots "$boots" ${two:+--two-copies} 2>&1)
    if [[ $sees ]] && grep -q "^violation: .*$sees" <<<"$said"; then
        complaints=()
        echo "   seen, as it must be: $(grep '^violation: ' <<<"$said" | paste -sd ';')"
        said=$(grep -v '^violation: ' <<<"$said")
    elif [[ $sees ]]; then
        complain "the observer has not seen it"
    fi
    while read -r violation; do complain "${violation#violation: }"; done < <(grep '^violation: ' <<<"$said")
    echo "   observer: $(grep -v '^violation: \|^settled ' <<<"$said")"
    for migration in "${ids[@]}"; do echo "   ended: $(ends_of "$migration" | paste -sd ' ') ($(reason_of "$migration"))"; done
    printf '%s\t%s\t%s\t%s\t%s\n' "$name" "${rows[$name]}" "$seed" "${#complaints[@]}" "$clean" >>"$results/results.tsv"
    if ((${#complaints[@]})); then
        printf '   VIOLATION: %s\n' "${complaints[@]}"
        printf '%s\n' "${complaints[@]}" >"$results/$name-$seed.violations"
        keep_evidence "$name-$seed"
    fi
    # A copy of it may have written where another one reads, or it ends itself: the next cell gets a new one.
    # shellcheck disable=SC2086  # a list
    if [[ $forget_guest ]]; then "$infra/guest" remove $guests 2>/dev/null; fi
    ((!${#complaints[@]})) || return 1
    rm -f "$line" "$line.errors"
    echo "   PASS, clean $(awk -v ms="$clean" 'BEGIN { printf "%.1f", ms / 1000 }') s after the repair"
}

keep_evidence() {
    local log
    mkdir -p "$results/$1"
    ask_rabbitmq list_queues --quiet name messages_ready messages_unacknowledged consumers >"$results/$1/queues"
    ask_rabbitmq list_consumers --quiet queue_name channel_pid consumer_tag active activity_status prefetch_count >"$results/$1/consumers"
    for log in "$lab"/roles/*.log "$lab"/serial/* "$lab"/log/libvirtd-*; do tail -n 400 "$log" >"$results/$1/$(basename "$log")" 2>/dev/null; done
}

print_table() {
    [[ -s $results/results.tsv ]] || refuse "nothing has been run yet"
    echo '| cell | row | what is done | runs | violations | median time to clean |'
    echo '|---|---|---|---|---|---|'
    local name
    for name in "${names[@]}"; do
        awk -F '\t' -v name="$name" -v words="${words_of[$name]}" '
            $1 == name { runs++; row = $2; if ($4 > 0) bad++; if ($5 != "-") times[++n] = $5 }
            END {
                if (!runs) exit
                for (i = 2; i <= n; i++) for (j = i; j > 1 && times[j] + 0 < times[j - 1] + 0; j--) { t = times[j]; times[j] = times[j - 1]; times[j - 1] = t }
                median = n ? sprintf("%.1f s", (times[int((n + 1) / 2)] + times[int(n / 2) + 1]) / 2000) : "-"
                printf "| `%s` | %s | %s | %d | %d | %s |\n", name, row, words, runs, bad, median
            }' "$results/results.tsv"
    done
}
