"""Western digits and their marks. Django has no form of its own for a day with a time, and takes the English one."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y، g:i A"
SHORT_DATETIME_FORMAT = "j M Y، g:i A"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
