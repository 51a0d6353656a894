# The image of the server, of its migrations, and of the secrets made at the first start.

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS packages
# Made anew when requirements.txt changes, and only then.
COPY requirements.txt .
ENV PIP_CACHE_DIR=/var/cache/pip
RUN --mount=type=cache,target=/var/cache/pip \
    python -m venv --without-pip /opt/venv && \
    pip --python /opt/venv/bin/python install --disable-pip-version-check --root-user-action ignore \
        --only-binary :all: --require-hashes --requirement requirements.txt

FROM packages AS project
WORKDIR /app
COPY . .
# The key signs nothing here; it stays neither in this image nor in the next.
RUN SECRET_KEY=unused /opt/venv/bin/python manage.py collectstatic --no-input && \
    python -m compileall -q .

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
LABEL org.opencontainers.image.title="channels-chat-room" org.opencontainers.image.licenses="MIT"
# A volume takes the owner of the folder that it covers when it is first used.
RUN pip uninstall --yes --root-user-action ignore pip && \
    useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin chat && \
    install -d -o chat -g chat /secrets/app /secrets/db /secrets/redis /secrets/certificates
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY --from=project /app .
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --start-interval=1s CMD ["python", "-m", "mysite.alive"]
CMD ["python", "-m", "mysite", "--host", "0.0.0.0"]
