"""The error for what a user can mend."""


class UserError(ValueError):
    """Something in the corpus or the configuration stops the run; the text says what, where and what to do. It is shown
    without a traceback."""
