resource "oci_core_instance" "gateway" {
  compartment_id      = var.compartment_id
  availability_domain = var.availability_domain
  display_name        = var.name
  shape               = var.shape

  shape_config {
    ocpus         = var.ocpus
    memory_in_gbs = var.memory_in_gbs
  }

  create_vnic_details {
    subnet_id        = var.subnet_id
    assign_public_ip = var.assign_public_ip
  }

  source_details {
    source_type = "image"
    source_id   = var.image_id
  }

  # Version 1 of the metadata service needs no header, so that a forged request could reach it.
  instance_options {
    are_legacy_imds_endpoints_disabled = true
  }

  metadata = merge(
    {
      user_data = base64encode(templatefile("${path.module}/cloud-init.yaml.tftpl", {
        compartment_id  = var.compartment_id
        gateway_version = var.gateway_version
        node_version    = var.node_version
        region          = var.region
        unit            = file("${path.module}/../systemd/oci-gateway.service")
      }))
    },
    var.ssh_public_key == "" ? {} : { ssh_authorized_keys = var.ssh_public_key },
  )
}

# The credential of the gateway is the instance itself: no key is stored.
resource "oci_identity_dynamic_group" "gateway" {
  provider       = oci.home
  compartment_id = var.tenancy_id
  name           = var.name
  description    = "The instance of the gateway"
  matching_rule  = "instance.id = '${oci_core_instance.gateway.id}'"
}

resource "oci_identity_policy" "gateway" {
  provider       = oci.home
  compartment_id = var.compartment_id
  name           = var.name
  description    = "Lets the gateway use OCI Generative AI"
  statements = [
    "Allow dynamic-group ${oci_identity_dynamic_group.gateway.name} to use generative-ai-family in compartment id ${var.compartment_id}",
  ]
}
