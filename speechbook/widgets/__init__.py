"""Things to touch: widgets that run in Jupyter, in Colab, and on the published page without Python behind them.

Their JavaScript is written in ``web/src/widgets`` and bundled into ``static/`` by ``make web``.
"""

from speechbook.widgets.alarm_tuner import AlarmTuner
from speechbook.widgets.alignment_explorer import AlignmentExplorer
from speechbook.widgets.attention_map import AttentionMap
from speechbook.widgets.compression_explorer import CompressionExplorer
from speechbook.widgets.convolution_stepper import ConvolutionStepper
from speechbook.widgets.ctc_lattice import CtcLattice
from speechbook.widgets.filter_table import FilterTable
from speechbook.widgets.filterbank_designer import FilterbankDesigner
from speechbook.widgets.gate_stepper import GateStepper
from speechbook.widgets.listening_ladder import ListeningLadder
from speechbook.widgets.loss_surface import LossSurface
from speechbook.widgets.neuron_playground import NeuronPlayground
from speechbook.widgets.quiz import Quiz, load_quiz
from speechbook.widgets.recogniser import Recogniser
from speechbook.widgets.softmax_explorer import SoftmaxExplorer
from speechbook.widgets.sound_lab import SoundLab
from speechbook.widgets.spectrogram_explorer import SpectrogramExplorer
from speechbook.widgets.transducer_lattice import TransducerLattice
from speechbook.widgets.voice_teacher import VoiceTeacher

__all__ = [
    "AlarmTuner",
    "AlignmentExplorer",
    "AttentionMap",
    "CompressionExplorer",
    "ConvolutionStepper",
    "CtcLattice",
    "FilterTable",
    "FilterbankDesigner",
    "GateStepper",
    "ListeningLadder",
    "LossSurface",
    "NeuronPlayground",
    "Quiz",
    "Recogniser",
    "SoftmaxExplorer",
    "SoundLab",
    "SpectrogramExplorer",
    "TransducerLattice",
    "VoiceTeacher",
    "load_quiz",
]
