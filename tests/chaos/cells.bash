# Sourced by run: the matrix. A cell is a line (judgement.bash says what its options mean) and what it does; $source, $destination and $third are hosts,
# $guest runs on the first. What is killed is started again by repair; from then on the time counts until everything is clean.
# shellcheck shell=bash disable=SC2034,SC2154  # set by run

# A migration that takes some 20 s unless somebody speeds it up.
begin_slowly() { slow; ask; moving; }
on_with_it() { repair; speed_up; }

# --- the observer itself must see ---------------------------------------------------------------------------------------------------------------------------

cell nothing-happens - "a migration without any fault" end=completed
nothing-happens() { ask; }

# --- agents (rows 6 to 10) ----------------------------------------------------------------------------------------------------------------------------------

cell source-agent-killed-in-pre-copy 7 "kill -9 the source's agent while memory moves" end=completed
source-agent-killed-in-pre-copy() { begin_slowly; end_role "agent-$source"; on_with_it; }

cell source-libvirtd-killed-in-pre-copy 11 "kill -9 the source's libvirtd while memory moves (perform3)" end=failed place=source
source-libvirtd-killed-in-pre-copy() { begin_slowly; end_libvirtd "$source"; on_with_it; }
