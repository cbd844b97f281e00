package org.headscope.hooks.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages a safetensors file in one of the ways that files get damaged, or are made to attack. */
final class Mutator {
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "7",
            "8",
            "1.5",
            "1e400",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "18446744073709551616",
            "null",
            "true",
            "[]",
            "{}",
            "\"1\"");
    private static final List<String> DTYPES =
            List.of("F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F8_E5M2", "F4", "", "f32", "C64");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?=[,\\]])");
    private static final Pattern OFFSETS = Pattern.compile("offsets\":\\[(\\d+),(\\d+)");
    private static final Pattern DTYPE = Pattern.compile("(?<=\"dtype\":\")\\w+");
    private static final Pattern TENSOR = Pattern.compile("\"\\w+\":\\{[^{}]*\\}");

    private final SplittableRandom random;
    private final byte[] sound;
    private final int headerLength;

    Mutator(SplittableRandom random, byte[] sound) {
        this.random = random;
        this.sound = sound;
        this.headerLength =
                (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    byte[] next() {
        return switch (random.nextInt(10)) {
            case 0 -> flip(sound.length);
            case 1 -> flip(8 + headerLength);
            case 2 -> Arrays.copyOf(sound, random.nextInt(sound.length));
            case 3 -> Arrays.copyOf(sound, sound.length + 1 + random.nextInt(64));
            case 4 -> withLengthField();
            case 5 -> replaceIn(NUMBER, NUMBERS);
            case 6 -> replaceIn(DTYPE, DTYPES);
            case 7 -> replaceIn(TENSOR, tensors());
            case 8 -> cutOrRepeatHeader();
            default -> shiftOneTensor();
        };
    }

    private byte[] flip(int within) {
        byte[] bytes = sound.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] withLengthField() {
        long length =
                switch (random.nextInt(5)) {
                    case 0 -> headerLength + random.nextInt(-16, 17);
                    case 1 -> random.nextLong();
                    case 2 -> random.nextLong(100_000_002);
                    case 3 -> random.nextInt(sound.length + 16);
                    default -> 1L << random.nextInt(64);
                };
        byte[] bytes = sound.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return bytes;
    }

    /** Replaces one match and corrects the length field, so that the damage is found deeper inside. */
    private byte[] replaceIn(Pattern pattern, List<String> choices) {
        String header = header();
        List<MatchResult> matches = pattern.matcher(header).results().toList();
        MatchResult match = matches.get(random.nextInt(matches.size()));
        String choice = choices.get(random.nextInt(choices.size()));
        return withHeader(header.substring(0, match.start()) + choice + header.substring(match.end()));
    }

    private List<String> tensors() {
        return TENSOR.matcher(header()).results().map(MatchResult::group).toList();
    }

    private byte[] cutOrRepeatHeader() {
        String header = header();
        int from = random.nextInt(header.length());
        int to = Math.min(header.length(), from + random.nextInt(40));
        boolean cut = random.nextBoolean();
        return withHeader(header.substring(0, cut ? from : to) + header.substring(cut ? to : from));
    }

    /** Moves both offsets of one tensor, so that its length stays right and its place becomes wrong. */
    private byte[] shiftOneTensor() {
        String header = header();
        List<MatchResult> matches = OFFSETS.matcher(header).results().toList();
        MatchResult match = matches.get(random.nextInt(matches.size()));
        long by = random.nextInt(-8, 9);
        String shifted = (Long.parseLong(match.group(1)) + by) + "," + (Long.parseLong(match.group(2)) + by);
        return withHeader(header.substring(0, match.start(1)) + shifted + header.substring(match.end(2)));
    }

    private String header() {
        return new String(sound, 8, headerLength, StandardCharsets.UTF_8);
    }

    private byte[] withHeader(String header) {
        return RawFile.bytes(header, Arrays.copyOfRange(sound, 8 + headerLength, sound.length));
    }
}
