"""What runs beside the work: the book of runs, the log, the lock of the one writer, helper processes.

Add here: what every run needs, whatever it does. Keep out: what a run does.
"""
