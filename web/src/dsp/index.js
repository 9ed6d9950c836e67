// Digital signal processing for the page: plain functions on typed arrays, equal to librosa's.

export { butterworth, filterSections, telephone } from "./butterworth.js";
export { nextPowerOfTwo, plan, realForward, realWork } from "./fft.js";
export { bandPass, fadeEnds, peak } from "./filter.js";
export { dct, hzToMel, melFilterbank, melFrequencies, melSpectrogram, melToHz, mfcc } from "./mel.js";
export { frequenciesOnScale, triangularFilterbank } from "./mel.js";
export { colouredNoise, mixAtSnr, NOISES, normalNumbers } from "./noise.js";
export { createResampler, decimate, resample } from "./resample.js";
export { convolve, roomImpulseResponse } from "./room.js";
export { frameCount, hann, maximum, powerSpectrogram, powerToDb } from "./stft.js";
export { pitchShift, timeStretch } from "./vocoder.js";
