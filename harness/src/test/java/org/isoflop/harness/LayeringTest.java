package org.isoflop.harness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Dependencies between the packages run one way only. The plan may ask the analysis: it forecasts
 * its precision by the same fit that will judge it, and may be centred on an earlier sweep's
 * result.
 */
@AnalyzeClasses(
    packages = "org.isoflop",
    importOptions = {ImportOption.DoNotIncludeTests.class})
final class LayeringTest {

  @ArchTest
  static final ArchRule PACKAGES_DEPEND_DOWNWARD_ONLY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("org.isoflop.harness.cli..")
          .layer("sweep")
          .definedBy("org.isoflop.harness.sweep..")
          .layer("train")
          .definedBy("org.isoflop.harness.train..")
          .layer("plan")
          .definedBy("org.isoflop.harness.plan..")
          .layer("config")
          .definedBy("org.isoflop.harness.config..")
          .layer("data")
          .definedBy("org.isoflop.harness.data..")
          .layer("report")
          .definedBy("org.isoflop.harness.report..")
          .layer("analysis")
          .definedBy("org.isoflop.harness.analysis..")
          .layer("root")
          .definedBy("org.isoflop.harness")
          .layer("models")
          .definedBy("org.isoflop.models..")
          .whereLayer("cli")
          .mayOnlyAccessLayers(
              "sweep", "train", "plan", "config", "data", "report", "analysis", "root", "models")
          .whereLayer("sweep")
          .mayOnlyAccessLayers("train", "plan", "config", "data", "root", "models")
          .whereLayer("train")
          .mayOnlyAccessLayers("plan", "data", "root", "models")
          .whereLayer("plan")
          .mayOnlyAccessLayers("config", "analysis", "root", "models")
          .whereLayer("config")
          .mayOnlyAccessLayers("data", "root", "models")
          .whereLayer("data")
          .mayOnlyAccessLayers("root")
          .whereLayer("report")
          .mayOnlyAccessLayers("analysis", "root")
          .whereLayer("analysis")
          .mayOnlyAccessLayers("root")
          .whereLayer("root")
          .mayNotAccessAnyLayer()
          .whereLayer("models")
          .mayNotAccessAnyLayer();

  /** A configuration asks which tokenizers there are, and nothing else of the data. */
  @ArchTest
  static final ArchRule A_CONFIGURATION_READS_NO_DATA =
      noClasses()
          .that()
          .resideInAPackage("org.isoflop.harness.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.isoflop.harness.data", "org.isoflop.harness.data.formats..");

  @ArchTest
  static final ArchRule THE_DATA_HAVE_NO_CYCLES =
      slices().matching("org.isoflop.harness.data.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ROOMS_OF_THE_DATA_DO_NOT_KNOW_THE_WHOLE =
      noClasses()
          .that()
          .resideInAPackage("org.isoflop.harness.data.(*)..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.isoflop.harness.data");

  @ArchTest
  static final ArchRule THE_ANALYSIS_HAS_NO_CYCLES =
      slices().matching("org.isoflop.harness.analysis.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule PARTS_OF_THE_ANALYSIS_DO_NOT_KNOW_THE_WHOLE =
      noClasses()
          .that()
          .resideInAPackage("org.isoflop.harness.analysis.(*)..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.isoflop.harness.analysis");
}
