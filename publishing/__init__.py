"""What the public was told: releases, publications, objections, corrections, withholding."""
