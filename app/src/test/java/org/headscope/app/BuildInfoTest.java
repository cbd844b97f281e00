package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildInfoTest {
    @Test
    void everyVersionIsFilledInByTheBuild() {
        BuildInfo build = BuildInfo.load();
        assertThat(new String[] {build.version(), build.djl(), build.pytorch(), build.javafx()})
                .allMatch(version -> version.matches("\\d+\\.\\d+.*"));
    }
}
