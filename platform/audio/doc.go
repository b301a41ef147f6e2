// Package audio is samples and nothing else: G.711 tables, WAV files, resampling.
//
// The house's own format is 8 kHz A-law (ITU-T G.711), 160 bytes a frame of 20 ms.
// Functions append into dst and return it, so that callers on the media path
// reuse their buffers and nothing is allocated.
package audio
