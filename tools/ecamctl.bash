# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for ecamctl(1)

_ecamctl_functions() { # addresses in the dump on the command line, or else of this machine
	local i
	for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
		if [[ ${COMP_WORDS[i]} == --dump && -r ${COMP_WORDS[i + 1]} ]]; then
			sed -nE 's/^(([0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7])( .*)?$/\1/p' \
				"${COMP_WORDS[i + 1]}"
			return
		fi
	done
	for i in /sys/bus/pci/devices/*; do
		[[ -e $i ]] && echo "${i##*/}"
	done
}

# Keys of an attach specification, after $1, the part of the word before them.
_ecamctl_keys() {
	local key
	for key in {permissive,bus0}={0,1} hide= ecam= ecam=none buses= reset={auto,none} rom={host,none} \
		rebar={single,hide} topology={bypassed,flattened,bus0,root-port} multifunction={auto,clear,set} \
		bridge={plain,q35}; do
		echo "$1$key"
	done
}

_ecamctl() {
	# cur is the whole word: bash splits it at colons and equals signs
	local cur prev words rules='--dump --policy --quirks --guest'
	COMPREPLY=()
	cur=${COMP_LINE:0:COMP_POINT}
	cur=${cur##*[[:blank:]]}
	prev=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $COMP_CWORD -eq 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -W "list show explain diff replay check policy-for plan dump caps \
			attach detach guests acpi --help --version" -- "$cur")
		return
	fi
	case $prev in
	--dump | --socket | --policy | --quirks | --output | -o)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--format)
		mapfile -t COMPREPLY < <(compgen -W gcc -- "$cur")
		return
		;;
	--kind)
		mapfile -t COMPREPLY < <(compgen -W 'hvm pvh' -- "$cur")
		return
		;;
	--against)
		mapfile -t COMPREPLY < <(compgen -W 'host default' -f -- "$cur")
		return
		;;
	--bridge)
		mapfile -t COMPREPLY < <(compgen -W 'plain q35' -- "$cur")
		return
		;;
	--memory | --ecam | --buses)
		return
		;;
	--topology)
		mapfile -t COMPREPLY < <(compgen -W 'bypassed flattened host bus0 root-port' -- "$cur")
		return
		;;
	esac
	case ${COMP_WORDS[1]} in
	dump) words='--dump --help' ;;
	list) words='--dump --numeric --help' ;;
	show)
		words="--all --tree $rules --kind --topology --memory --ecam --buses --bus0 --bridge --no-intx --hex \
			--json --numeric --help"
		;;
	diff) words="--all $rules --topology --no-intx --against --verbose --numeric --help" ;;
	replay) words="$rules --topology --no-intx --help" ;;
	explain) words="$rules --topology --no-intx --json --numeric --help" ;;
	plan) words="$rules --kind --topology --memory --ecam --buses --bus0 --bridge --json --numeric --socket --help" ;;
	policy-for) words="$rules --help" ;;
	check) words='--dump --format --help' ;;
	caps) words='--json --help' ;;
	acpi) words='--kind --ecam --bus0 --io --window32 --window64 --output --help' ;;
	attach | detach) words='--socket --help' ;;
	guests) words='--json --socket --help' ;;
	*) return ;;
	esac
	case ${COMP_WORDS[1]} in
	list | caps | guests | acpi) ;;
	check) mapfile -t COMPREPLY < <(compgen -W "$words" -f -- "$cur") && return ;;
	show | diff | replay | explain | plan | policy-for | attach)
		[[ $cur == *,* ]] && words+=" $(_ecamctl_keys "${cur%,*},")"
		words+=" $(_ecamctl_functions)"
		;;
	*) words+=" $(_ecamctl_functions)" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	# without the part that bash split off
	COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*[:=]}"}"}")
}

complete -F _ecamctl ecamctl
