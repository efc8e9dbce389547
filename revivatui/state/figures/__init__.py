"""Our own calculation of the figures that the server reports (contract section 6).

It shares nothing with the server's side: rows go in, figures come out, and what comes out can be
held against what the server says. No clock, no disk, no wire.

- `rows`: the rows (`rows_of` from raw ones), `conversations.rows_from` from what a desk reads;
- `counting`: `figure` and `series`; `definitions`: what each counts, in words;
- `zones`: the zone behind a `timezone_offset`; `buckets`: how a stretch falls into days or hours;
- `answers.answer`: the server's whole answer to a question;
- `agreement.compare`: whether two values agree, as a sentence.
"""
