"""What a person can set for a question: the form, what of it another model takes, and what is in force in words.

Options are kept under the names and in the nesting of Sonar's API (docs/sonar.md, "Parameters"), whichever the
provider is.
"""

from chat.options.form import OptionsForm
from chat.options.summary import Chip, chips, options_that_fit

__all__ = ["Chip", "OptionsForm", "chips", "options_that_fit"]
