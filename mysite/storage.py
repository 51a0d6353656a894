"""Static files under names that change with their content, those that ES modules import included."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedModuleStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
