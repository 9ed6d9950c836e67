// Digital signal processing for the page: plain functions on typed arrays, equal to librosa's.

export { nextPowerOfTwo, plan, realForward, realWork } from "./fft.js";
export { bandPass, fadeEnds, peak } from "./filter.js";
export { dct, frequenciesOnScale, hzToMel, melFilterbank, melFrequencies, melSpectrogram, melToHz, mfcc, triangularFilterbank } from "./mel.js";
export { resample } from "./resample.js";
export { frameCount, hann, maximum, powerSpectrogram, powerToDb } from "./stft.js";
