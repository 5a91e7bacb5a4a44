"""What a report must hold, until when it may be filed, and what is missing in it."""
