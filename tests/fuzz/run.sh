#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs fuzzers one after the other, from their seeds and the previous corpus; prints one line each.
# Usage: run.sh DIR SECONDS FUZZER... (DIR has the programs, and gets corpus/, crashes/ and logs).
set -u
dir=$1 seconds=$2
shift 2
bad=0

# clang has no symbolizer of its own; the binutils that it needs have one
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer || command -v addr2line || true)
export ASAN_SYMBOLIZER_PATH

for fuzzer in "$@"; do
	log=$dir/$fuzzer.log status=0
	mkdir -p "$dir/corpus/$fuzzer" "$dir/crashes"
	# words of the texts
	words=()
	[ ! -f "tests/fuzz/$fuzzer.dict" ] || words=(-dict="tests/fuzz/$fuzzer.dict")
	"$dir/$fuzzer" -max_total_time="$seconds" -max_len=8192 -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$dir/crashes/$fuzzer-" ${words[@]+"${words[@]}"} "$dir/corpus/$fuzzer" \
		"tests/fuzz/seeds/$fuzzer" >"$log" 2>&1 || status=$?
	# a timeout or a leak is a crash too: libFuzzer writes the input in each case
	awk -v name="$fuzzer" '
	/^stat::number_of_executed_units:/ { runs = $2 }
	/Test unit written to/ { crashes++ }
	/ cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") edges = $(i + 1); if ($i == "ft:") features = $(i + 1) } }
	END { printf "%s: %d executions, %d edges, %d features, %d crashes\n", name, runs, edges, features, crashes }
	' "$log"
	[ "$status" = 0 ] && continue
	bad=1
	grep -E '^broken:|ERROR: |runtime error:|^SUMMARY|^ +#[0-9] .*(mediator|capabilities|policy|tests)/|Test unit written' "$log"
	echo "$fuzzer: exit code $status, see $log"
done
exit "$bad"
