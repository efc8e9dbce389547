"""What charts show and how it is worked out: plain numbers in, places and words out.

`data` holds what a chart is given, `words` how each value is said, `table` the same data as lines
of text, `svg` the same data as a picture for a report. Nothing here knows cells' colours, the
screen or the wire. No data (None) is never a zero: it is left out and said "no data".
"""
