# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # dom0/lib.sh sets what is used here
# ecamd and stock xen-pt, two HVM guests with equal devices: times of configuration reads, and host accesses.
# limit: 420
rounds=7 reads=200
only h
if ! alive h; then
	# shellcheck source=tests/lab/scenarios/50-hvm.sh
	. /opt/scenarios/50-hvm.sh
fi
# xen-pt gets the first devices, ecamd their twins
detach h "$NVME" 11
detach h "$NIC" 10
attach h "$NIC_TWIN@10"
attach h "$NVME_TWIN@11"
in_guest h 20 'echo 1 >/sys/bus/pci/rescan'
in_guest h 60 'nvme 0000:00:11.0'
modprobe xen-pciback
xl pci-assignable-add "$NIC"
xl pci-assignable-add "$NVME"
guest s hvm "pci = ['$NIC', '$NVME']"
count_accesses
before=$(host_accesses)
start s
echo "$(cat "$state/s.boot") $(($(host_accesses) - before))" >"$state/s.figures"
slot=$(in_guest s 20 'lspci -n -d 1b36:0010' | awk '/0108/ { print $1 }')
in_guest s 60 "nvme 0000:$slot"

# reads NAME: prints the guest's command that reads the register of this name
declare -A command=(
	[constant]='0 4' [live]='6 2' [extended]='0x100 4'
)
ecam=0xe0000000
sample() { # sample GUEST SLOT REGISTER [ports|BASE]: microseconds a read
	# shellcheck disable=SC2086 # two words
	in_guest "$1" 60 "cfgread 0000:$2 ${command[$3]} $reads ${4-}" | awk 'NF == 2 { print $2 }'
}
median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
declare -A hits
kinds='h:constant h:live h:constant:ports h:live:ports h:constant:ecam h:live:ecam h:extended:ecam
	s:constant s:live s:constant:ports s:live:ports'
export poll=0.5 # while a guest measures, dom0 had better be quiet
rm -f "$state"/us.*
for _ in $(seq "$rounds"); do
	for kind in $kinds; do
		IFS=: read -r who what by <<<"$kind"
		[ "$by" != ecam ] || by=$ecam
		[ "$who" = h ] && at=00:11.0 || at=$slot
		before=$(host_accesses)
		sample "$who" "$at" "$what" "$by" >>"$state/us.$kind"
		hits[$kind]=$(($(host_accesses) - before))
	done
done

row() {
	printf '%-44s %14s %14s\n' "$@"
}
per_read() {
	awk -v n="${hits[$1]}" -v of="$reads" 'BEGIN { printf "%.2f", n / of }'
}
row '' ecamd xen-pt
for what in constant live; do
	row "us a read, $what register, by the kernel" "$(median "$state/us.h:$what")" "$(median "$state/us.s:$what")"
	row "us a read, $what register, CF8/CFC" "$(median "$state/us.h:$what:ports")" "$(median "$state/us.s:$what:ports")"
	row "us a read, $what register, ECAM" "$(median "$state/us.h:$what:ecam")" 'no ECAM'
	row "host accesses a read, $what register" "$(per_read "h:$what")" "$(per_read "s:$what")"
done
row 'us a read, 0x100, ECAM' "$(median "$state/us.h:extended:ecam")" 'not there'
row 'host accesses a read, 0x100' "$(per_read h:extended:ecam)" '-'
read -r ours_boot ours_accesses <"$state/h.figures"
read -r pt_boot pt_accesses <"$state/s.figures"
row 'host accesses while the guest boots' "$ours_accesses" "$pt_accesses"
row 'guest boot, ms' "$ours_boot" "$pt_boot"
row 'memory of the process, KiB' "$(resident "$(cat /run/ecamd.pid)")" \
	"$(resident "$(xenstore-read "/local/domain/$(xl domid s)/image/device-model-pid")")"

see "ecamd: no host access for a constant register" [ "${hits[h:constant]}" = 0 ]
see "xen-pt: one each" [ "${hits[s:constant]}" -ge "$reads" ]
# Other load can double a median; a path that is really slower is also slower in its best round.
no_slower() { # no_slower KIND KIND
	awk -v a="$(median "$state/us.$1")" -v b="$(median "$state/us.$2")" -v best_a="$(sort -n "$state/us.$1" | head -n 1)" \
		-v best_b="$(sort -n "$state/us.$2" | head -n 1)" \
		'BEGIN { exit !(a > 0 && b > 0 && (a <= 1.15 * b || best_a <= 1.15 * best_b)) }'
}
for what in constant live; do
	for by in '' :ports; do
		see "no slower than xen-pt: $what register${by/:/, }" no_slower "h:$what$by" "s:$what$by"
	done
done
destroy s
xl pci-assignable-remove -r "$NIC"
xl pci-assignable-remove -r "$NVME"
