#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A file includes its own floor and lower ones, and no library that its floor does not name.
# The table is HACKING.md's: rows "| FLOOR | `path`, … | holds | may include | libraries |".
set -eu

table() { # floor, path pattern, own headers allowed (prefixes), library headers allowed
	awk -F'|' '/^\| *[0-9]/ {
		gsub(/[` ]/, "", $2); gsub(/[` ]/, "", $3); gsub(/[` ]/, "", $5); gsub(/[` ]/, "", $6)
		n = split($3, paths, ",")
		for (i = 1; i <= n; i++) print $2, paths[i], $5, ($6 == "" ? "-" : $6)
	}' HACKING.md
}

# What C11 and POSIX give; the core does without what does I/O.
system_pure=' errno.h limits.h stdarg.h stdbool.h stddef.h stdint.h string.h inttypes.h '
system_io=' stdio.h stdlib.h unistd.h getopt.h fcntl.h setjmp.h sys/types.h sys/stat.h poll.h signal.h
 time.h dirent.h dlfcn.h spawn.h sys/mman.h sys/socket.h sys/un.h sys/wait.h sys/file.h '
system_io=${system_io//$'\n'/ }

rows=$(table)
[ -n "$rows" ] || { echo "floors: no table in HACKING.md"; exit 1; }

# row_of FILE: the row with the longest path that the file is under.
row_of() {
	local file=$1 best='' len=0 floor path own libs
	while read -r floor path own libs; do
		# shellcheck disable=SC2053 # a pattern is wanted
		if [[ $file == $path* ]] && [ ${#path} -gt "$len" ]; then
			best="$floor $own $libs" len=${#path}
		fi
	done <<<"$rows"
	echo "$best"
}

# port_of FILE: its folder and the first two words of its name
port_of() {
	sed 's/\.[ch]$//; s|\(.*/[^_/]*_[^_/]*\)_[^/]*$|\1|' <<<"$1"
}

bad=0
complain() {
	echo "$1"
	bad=1
}

while read -r file; do
	read -r floor own libs <<<"$(row_of "$file")"
	[ -n "$floor" ] || { complain "$file: on no floor of HACKING.md"; continue; }
	while read -r kind inc; do
		if [ "$kind" = '<' ]; then
			case "$system_pure" in *" $inc "*) continue ;; esac
			case ",$libs," in *",$inc,"*) continue ;; esac
			# snprintf formats a message, calloc a directory off the access path: no I/O
			case "$file:$inc" in
			mediator/core/diag.c:stdio.h | mediator/core/sbdf.c:stdio.h | mediator/access/access.c:stdlib.h) continue ;;
			esac
			if [ "$floor" -ge 4 ]; then
				case "$system_io" in *" $inc "*) continue ;; esac
			fi
			complain "$file: <$inc> is not for floor $floor"
			continue
		fi
		target=
		for dir in '' mediator/ "$(dirname "$file")/"; do
			[ -f "$dir$inc" ] && target=$dir$inc && break
		done
		[ -n "$target" ] || { complain "$file: no such header \"$inc\""; continue; }
		read -r to _ <<<"$(row_of "$target")"
		[ -n "$to" ] || { complain "$file: \"$inc\" is on no floor"; continue; }
		case ",$own," in
		*",$to,"*) ;;
		*) complain "$file: floor $floor includes \"$inc\" of floor $to" ;;
		esac
		# a tool reaches the service by its control socket only
		case "$file:$target" in
		tools/*:mediator/control/client.h | tools/*:mediator/control/attach_spec.h | \
			tools/*:mediator/control/socket.h | tools/*:mediator/control/rule_files.h | \
			tools/*:mediator/control/machine_json.h) ;;
		tools/*:mediator/service/* | tools/*:mediator/hypervisor/*)
			complain "$file: \"$inc\" is not for a tool" ;;
		esac
		# the ports do not know each other; one may be several files, PORT_LIBRARY_PART
		if [ "$floor" = 4 ] && [ "$to" = 4 ] && [ "$(port_of "$target")" != "$(port_of "$file")" ]; then
			complain "$file: a port includes another port, \"$inc\""
		fi
	done < <(sed -n 's/^#include \([<"]\)\([^>"]*\)[>"].*/\1 \2/p' "$file")
done < <(find mediator capabilities policy quirks tools -name '*.[ch]' 2>/dev/null | sort)
exit $bad
