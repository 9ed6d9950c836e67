// Digital signal processing for the page: plain functions on typed arrays, equal to librosa's.

export { nextPowerOfTwo, plan, realForward, realWork } from "./fft.js";
export { bandPass, fadeEnds, peak } from "./filter.js";
export { dct, hzToMel, melFilterbank, melFrequencies, melSpectrogram, melToHz, mfcc } from "./mel.js";
export { frequenciesOnScale, triangularFilterbank } from "./mel.js";
export { createResampler, resample } from "./resample.js";
export { frameCount, hann, maximum, powerSpectrogram, powerToDb } from "./stft.js";
