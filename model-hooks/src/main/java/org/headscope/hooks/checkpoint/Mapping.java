package org.headscope.hooks.checkpoint;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A stretch of a file, mapped into memory for as long as this object is open.
 *
 * <p>The mapping never leaves this class: bytes are only copied out of it. So it can be unmapped at once, instead of
 * counting as resident memory and holding the file until some garbage collection, and a file that is cut short while it
 * is being read shows as an {@link IOException}.
 */
final class Mapping implements AutoCloseable {
    private static final @Nullable MethodHandle UNMAP = findUnmap();

    private final FileChannel channel;
    private final long end;
    private final MappedByteBuffer buffer;
    private boolean closed;

    private Mapping(FileChannel channel, long end, MappedByteBuffer buffer) {
        this.channel = channel;
        this.end = end;
        this.buffer = buffer;
    }

    static Mapping of(FileChannel channel, long offset, long length) throws IOException {
        long end = offset + length;
        requireSize(channel, end);
        return new Mapping(channel, end, channel.map(FileChannel.MapMode.READ_ONLY, offset, length));
    }

    /** Copies {@code length} bytes from {@code position} of the mapping to the start of {@code target}. */
    void copy(int position, byte[] target, int length) throws IOException {
        if (closed) {
            throw new IllegalStateException("the mapping is closed");
        }
        try {
            buffer.get(position, target, 0, length);
            // A page that is gone raises InternalError, at the latest when a native call returns: this one. The last
            // page of a file that was cut short reads as zeros instead, so the size is looked at, too.
            requireSize(channel, end);
        } catch (InternalError e) {
            throw new IOException("the file was cut short while it was being read", e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            unmap(buffer);
        }
    }

    private static void requireSize(FileChannel channel, long end) throws IOException {
        long size = channel.size();
        if (size < end) {
            throw new IOException("the file was cut short to " + size + " bytes after it was opened");
        }
    }

    private static void unmap(MappedByteBuffer buffer) {
        MethodHandle unmap = UNMAP;
        if (unmap != null && buffer.capacity() > 0) {
            try {
                unmap.invokeExact((ByteBuffer) buffer);
            } catch (Throwable e) {
                LoggerFactory.getLogger(Mapping.class).debug("Left a mapping to the garbage collector", e);
            }
        }
    }

    /** Java 17 unmaps on request only through this door; where it is shut, the garbage collector does it. */
    private static @Nullable MethodHandle findUnmap() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LoggerFactory.getLogger(Mapping.class).debug("Mappings are left to the garbage collector", e);
            return null;
        }
    }
}
