let context: AudioContext | undefined;

/// Two short notes, made here: upwards for a conversation that was assigned, one soft note for a
/// message. Browsers stay silent until the page was clicked or typed on once.
export function play_tone(kind: 'message' | 'assigned'): void {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const notes = kind === 'assigned' ? [659, 988] : [784];
  notes.forEach((frequency, index) => play_note(context!, frequency, index * 0.12));
}

function play_note(audio: AudioContext, frequency: number, delay: number): void {
  const start = audio.currentTime + delay;
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.12, start + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.25);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.26);
}
