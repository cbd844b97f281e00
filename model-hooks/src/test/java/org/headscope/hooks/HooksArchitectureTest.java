package org.headscope.hooks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The dependency table of the design, for module model-hooks. */
@AnalyzeClasses(packages = "org.headscope.hooks", importOptions = ImportOption.DoNotIncludeTests.class)
class HooksArchitectureTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final DescribedPredicate<JavaClass> LIVE_IN_NULL_MARKED_PACKAGE =
            DescribedPredicate.describe("live in a package that is marked @NullMarked", type -> type.getPackage()
                    .isAnnotatedWith(NullMarked.class));

    @ArchTest
    static final ArchRule knowsNoToolkitNoDatabaseAndNoOtherModule = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javafx..",
                    "org.controlsfx..",
                    "java.awt..",
                    "javax.swing..",
                    "java.sql..",
                    "javax.sql..",
                    "org.nd4j..",
                    "org.bytedeco..",
                    "org.headscope.analysis..",
                    "org.headscope.app..");

    @ArchTest
    static final ArchRule theEngineIsReachedThroughItsInterfacesOnly =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ai.djl.pytorch..");

    @ArchTest
    static final ArchRule jacksonIsTheOnlyJson =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.gson..");

    @ArchTest
    static final ArchRule slf4jIsTheOnlyLogging = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.util.logging..",
                    "ch.qos.logback..",
                    "org.apache.log4j..",
                    "org.apache.logging..",
                    "org.apache.commons.logging..");

    @ArchTest
    static final ArchRule noStandardStreams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule threadsBelongToTheJobRunner = noClasses()
            .should()
            .callConstructorWhere(DescribedPredicate.describe(
                    "a thread is made", call -> call.getTargetOwner().isAssignableTo(Thread.class)));

    @ArchTest
    static final ArchRule nothingIsADumpForOddsAndEnds =
            noClasses().should().haveSimpleNameEndingWith("Utils").orShould().haveSimpleNameEndingWith("Util");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(ArchCondition.from(LIVE_IN_NULL_MARKED_PACKAGE));

    @Test
    void onlyTheBootstrapClassNamesTheEngine() throws IOException {
        assertThat(sourcesContaining("\"PyTorch\""))
                .containsExactly(SOURCES.resolve(Path.of("org", "headscope", "hooks", "runtime", "Engines.java")));
    }

    private static List<Path> sourcesContaining(String text) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> read(file).contains(text))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + file, e);
        }
    }
}
