"""What views of this room and the frame share."""
