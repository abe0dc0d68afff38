/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of a file that is printed on terminals. Pure. */
#ifndef EC_POLICY_PRINTABLE_H
#define EC_POLICY_PRINTABLE_H

/** ec_printable() - make @text printable UTF-8: every other byte becomes a '?'. */
void ec_printable(char *text);

#endif
