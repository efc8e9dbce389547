"""What may not leave the machine, taken out of a text and put back into what comes in return."""

from revivatui.copilot.redaction.known import Known, known_of
from revivatui.copilot.redaction.passcodes_out import without_passcodes
from revivatui.copilot.redaction.redactor import Redactor
from revivatui.copilot.redaction.restorer import Restorer, UnknownPlaceholder

__all__ = [
    "Known", "Redactor", "Restorer", "UnknownPlaceholder", "known_of", "without_passcodes",
]  # fmt: skip
