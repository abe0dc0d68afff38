# SPDX-License-Identifier: GPL-2.0-or-later
# complete.bash LINE: prints the completions at the end of LINE, one a line. Words are split as by bash:
# at blanks, and before and after colons and equals signs.
. tools/ecamctl.bash
COMP_LINE=$1
COMP_POINT=${#1}
read -ra COMP_WORDS < <(sed 's/[:=]/ & /g' <<<"$1")
[[ $1 == *[[:blank:]:=] ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_ecamctl
printf '%s\n' "${COMPREPLY[@]}"
