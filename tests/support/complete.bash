# SPDX-License-Identifier: GPL-2.0-or-later
# complete.bash LINE: what the completion offers at the end of LINE, one a line. Words are split as
# bash does it, at blanks and before and behind colons and equals signs.
. tools/ecamctl.bash
COMP_LINE=$1
COMP_POINT=${#1}
read -ra COMP_WORDS < <(sed 's/[:=]/ & /g' <<<"$1")
[[ $1 == *[[:blank:]:=] ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_ecamctl
printf '%s\n' "${COMPREPLY[@]}"
