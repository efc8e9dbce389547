"""The server's answers and frames as pydantic models, tolerant of both versions.

Every key that a recorded server ever sent is defined (`make conformance` holds it); what only one
version or one call sends is optional, unknown words are kept, unknown keys are passed over.
"""
