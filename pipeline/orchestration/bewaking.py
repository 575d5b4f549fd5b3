"""Is the process of a run still there? Dagster's own launcher does not tell.

Lives here: the launcher of `dagster.yaml`. Without it a run that died together with the daemon (a power cut, a machine
started anew) stands as under way until its longest time is over, and what arrives in between waits for it. Keep out:
what happens then (`run_monitoring` and `run_retries` in dagster.yaml).
"""

from __future__ import annotations

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import deserialize_value


class BewaakteLauncher(DefaultRunLauncher):
    """The default launcher, which also asks the process that started a run whether it still has it."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Have the monitoring ask."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return FAILED when nobody has the run any more; a run that was not launched (command line) is not judged.

        When only its parent died a run goes on by itself. Then it is tried again for nothing, after it: one writer.
        """
        client = self._get_grpc_client_for_termination(run.run_id) if GRPC_INFO_TAG in run.tags else None
        if client is None:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        try:
            antwoord = deserialize_value(
                client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id)), CanCancelExecutionResult
            )
        except DagsterUserCodeUnreachableError:
            return CheckRunHealthResult(WorkerStatus.FAILED, "the process that started this run is gone")
        if antwoord.can_cancel:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "the process of this run is gone")
