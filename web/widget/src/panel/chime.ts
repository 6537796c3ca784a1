import { recall, remember } from './storage';

/// Two soft notes for a new message, made here: a sound file would be one more thing to load.

const key = 'frontdesk.sound';
let context: AudioContext | undefined;

export function is_sound_on(): boolean {
  return recall(key) !== 'off';
}

export function set_sound(on: boolean): void {
  remember(key, on ? 'on' : 'off');
}

export function chime(): void {
  if (!is_sound_on()) return;
  try {
    context ??= new AudioContext();
    // Browsers allow sound only after somebody has touched the page; before that it stays silent.
    if (context.state === 'suspended') void context.resume();
    note(context, 659, 0);
    note(context, 880, 0.09);
  } catch {
    // No audio device.
  }
}

function note(context: AudioContext, frequency: number, after_s: number): void {
  const start = context.currentTime + after_s;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.08, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.3);
}
