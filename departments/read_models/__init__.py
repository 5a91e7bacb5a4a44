"""What pages of this room show, read into frozen dataclasses."""
