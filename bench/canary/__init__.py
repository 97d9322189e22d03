"""Whether anything that somebody said is found where it must not be, with exceptions forced all along its way."""
