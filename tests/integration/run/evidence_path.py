"""Makes the modules of ../evtx and ../lab importable; import it first."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "evtx"), os.path.join(HERE, "..", "lab")]
