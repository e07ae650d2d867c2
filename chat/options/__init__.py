"""What a person can set for a question: the form, what of it another model takes, and what is in force in words.

Options are kept in the vocabulary and nesting of Sonar's wire (contract A4), whichever the provider is.
"""

from chat.options.form import OptionsForm
from chat.options.taking import fitting
from chat.options.telling import Chip, chips

__all__ = ["Chip", "OptionsForm", "chips", "fitting"]
