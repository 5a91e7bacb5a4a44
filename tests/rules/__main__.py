"""Lists what is worth a second look: how long it is, or how many ways lead through it."""

import sys
from itertools import chain

from tests.rules.sizes import LOOK_TWICE, complexities, sizes, template_lines
from tests.rules.tree import ROOT

for kind, where, size in chain(sizes(ROOT), template_lines(ROOT), complexities(ROOT)):
    if size > LOOK_TWICE[kind]:
        sys.stdout.write(f"{size:5} {kind:14} {where}\n")
